/** The pane where accounts are ticked. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { allToggled, isAll, isFull, mayChooseAll, suggested, toggled, type Rules } from "../choice.ts";
import type { Words } from "../i18n/words.ts";
import { money } from "../i18n/format.ts";
import type { PaneProps } from "../pane.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Last4 } from "../ui/last4.tsx";
import { Monogram } from "../ui/monogram.tsx";
import { Title } from "../ui/title.tsx";
import type { Candidate } from "../view.ts";

const KINDS = ["checking", "savings", "mortgage", "line_of_credit", "credit_card"] as const;

function kindOf(account: Candidate, words: Words): string {
  const known = KINDS.find((kind) => kind === account.subcategory);
  return words(`accounts.kinds.${known ?? "other"}`);
}

interface RowProps {
  readonly account: Candidate;
  readonly words: Words;
  readonly locale: string;
  readonly type: "checkbox" | "radio";
  readonly isChosen: boolean;
  readonly isClosed: boolean;
  readonly toggle: () => void;
}

function Row({ account, words, locale, type, isChosen, isClosed, toggle }: RowProps): JSX.Element {
  const { balance } = account;
  return (
    <li>
      <label class={isClosed ? "account closed" : "account"}>
        <input
          type={type}
          name="account"
          data-testid={`ls-account-${account.id}`}
          checked={isChosen}
          disabled={isClosed}
          onChange={toggle}
        />
        <span class="name">
          <span class="strong">{account.display_name ?? words("accounts.unnamed")}</span>
          <span class="detail">
            {kindOf(account, words)} <Last4 digits={account.last4} words={words} />
          </span>
          {account.reason === null ? null : <span class="detail">{account.reason}</span>}
        </span>
        {balance === null || !account.eligible ? null : (
          <bdi class="amount">{money(locale, balance.amount, balance.currency)}</bdi>
        )}
      </label>
    </li>
  );
}

export function Accounts({ view, act, words, locale, isSending }: PaneProps<"accounts">): JSX.Element {
  const { institution, accounts, limit } = view.accounts;
  const rules: Rules = { candidates: accounts, isSingle: !view.multiple, limit };
  const [choice, setChoice] = useState(() => suggested(rules));
  const type = rules.isSingle ? "radio" : "checkbox";
  return (
    <>
      <main>
        <Title text={words(rules.isSingle ? "accounts.title_single" : "accounts.title")} />
        <p class="lead">
          {words(rules.isSingle ? "accounts.text_single" : "accounts.text", { merchant: view.merchant.name })}
        </p>
        <fieldset>
          <legend class="at">
            <Monogram letters={institution.monogram} color={institution.color} /> {institution.name}
          </legend>
          <ul class="accounts">
            {mayChooseAll(rules) ? (
              <li>
                <label class="all">
                  <input
                    type="checkbox"
                    data-testid="ls-select-all"
                    checked={isAll(rules, choice)}
                    indeterminate={choice.size > 0 && !isAll(rules, choice)}
                    onChange={() => {
                      setChoice(allToggled(rules, choice));
                    }}
                  />
                  <span>{words("accounts.all")}</span>
                </label>
              </li>
            ) : null}
            {accounts.map((account) => (
              <Row
                key={account.id}
                account={account}
                words={words}
                locale={locale}
                type={type}
                isChosen={choice.has(account.id)}
                isClosed={!account.eligible || (isFull(rules, choice) && !choice.has(account.id))}
                toggle={() => {
                  setChoice(toggled(rules, choice, account.id));
                }}
              />
            ))}
          </ul>
          {limit === null || rules.isSingle ? null : (
            <p class="notice">{words("accounts.limit", { count: limit })}</p>
          )}
        </fieldset>
      </main>
      <Footer secured={words("secured")}>
        <Button
          testId="ls-accounts-submit"
          isBusy={isSending}
          isDisabled={choice.size === 0}
          onPress={() => {
            act.select([...choice]);
          }}
        >
          {choice.size === 0
            ? words("accounts.none_chosen")
            : words("accounts.submit", { count: choice.size })}
        </Button>
      </Footer>
    </>
  );
}
