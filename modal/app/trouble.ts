/** Why an answer of the server could not be used, in terms of what to do about it. */

/**
 * `offline`: no answer came, ask again. `refused`: the request will not be taken.
 * `broken`: the server failed, or said something this modal does not understand.
 */
export type TroubleKind = "offline" | "refused" | "broken";

export class Trouble extends Error {
  readonly kind: TroubleKind;
  readonly supportId: string | null;
  /** What the server said, in the words of the API's error object. */
  readonly refusal: {
    readonly type: string;
    readonly message: string;
    readonly code?: string;
    readonly param?: string;
  } | null;

  constructor(kind: TroubleKind, supportId: string | null = null, refusal: Trouble["refusal"] = null) {
    super(refusal?.message ?? kind);
    this.name = "Trouble";
    this.kind = kind;
    this.supportId = supportId;
    this.refusal = refusal;
  }
}
