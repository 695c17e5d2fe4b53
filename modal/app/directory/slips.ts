/** Words that were nearly typed: a letter added, lost, changed, or swapped with its neighbor (core/slips.py). */

// One slip in a word of four letters, two in one of eight: fewer letters are too easily another word.
const LETTERS_PER_SLIP = 4;
const SLIPS_MAX = 2;
const MEANT_MAX = 12;
const BITS = 31;

/** A word behind its mark, and the slips that it takes to mean it. */
export type Meant = readonly [slips: number, marked: string];

/** Words behind a mark of one letter each, in the order that settles ties. */
export class Vocabulary {
  readonly #letters = new Map<string, number>();

  add(marked: string): void {
    if (!this.#letters.has(marked)) this.#letters.set(marked, lettersOf(marked, 1));
  }

  /** The words that `typed` begins but for a few slips, the fewest first, with their marks. */
  near(typed: string): readonly Meant[] {
    const allowed = Math.min(Math.floor(typed.length / LETTERS_PER_SLIP), SLIPS_MAX);
    if (allowed === 0) return [];
    const wanted = lettersOf(typed, 0);
    const near: Meant[] = [];
    for (const [marked, letters] of this.#letters) {
      // Each letter that the word has not got is a slip at least, first of all kinds, then one by one.
      if (countOf(wanted & ~letters) > allowed) continue;
      const word = marked.slice(1, typed.length + allowed + 1);
      if (missing(typed, word) > allowed) continue;
      const slips = slipsToBegin(typed, word, allowed);
      if (slips <= allowed) near.push([slips, marked]);
    }
    return near.sort(([one], [other]) => one - other).slice(0, MEANT_MAX);
  }
}

function missing(typed: string, word: string): number {
  let count = 0;
  for (const letter of typed) if (!word.includes(letter)) count += 1;
  return count;
}

/** The fewest slips after which `typed` begins `word`; only what is not above `most` is exact. */
function slipsToBegin(typed: string, word: string, most: number): number {
  let before: number[] = [];
  let row = Array.from({ length: word.length + 1 }, (_, place) => place);
  for (let i = 0; i < typed.length; i += 1) {
    const following = [i + 1];
    for (let j = 0; j < word.length; j += 1) {
      const isSame = typed[i] === word[j];
      let best = Math.min(at(row, j + 1) + 1, at(following, j) + 1, at(row, j) + (isSame ? 0 : 1));
      const isSwapped = i > 0 && j > 0 && typed[i] === word[j - 1] && typed[i - 1] === word[j];
      if (isSwapped) best = Math.min(best, at(before, j - 1) + 1);
      following.push(best);
    }
    [before, row] = [row, following];
    if (Math.min(...row) > most) return most + 1;
  }
  return Math.min(...row);
}

function at(row: readonly number[], place: number): number {
  return row[place] ?? Infinity;
}

/** A bit for each letter in a word; a few share one. */
function lettersOf(word: string, from: number): number {
  let bits = 0;
  for (let place = from; place < word.length; place += 1) bits |= 1 << (word.charCodeAt(place) % BITS);
  return bits;
}

function countOf(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}
