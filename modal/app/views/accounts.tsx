/** The pane where accounts are ticked. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { allToggled, isAll, isFull, mayChooseAll, suggested, toggled, type Rules } from "../choice.ts";
import type { Words } from "../i18n/en.ts";
import { money } from "../i18n/format.ts";
import type { PaneProps } from "../pane.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Last4 } from "../ui/last4.tsx";
import { Monogram } from "../ui/monogram.tsx";
import { Title } from "../ui/title.tsx";
import type { Candidate } from "../view.ts";

type Said = Words["accounts"];

function kindOf(account: Candidate, kinds: Said["kinds"]): string {
  return Object.entries(kinds).find(([kind]) => kind === account.subcategory)?.[1] ?? kinds.other;
}

interface RowProps {
  readonly account: Candidate;
  readonly said: Said;
  readonly locale: string;
  readonly type: "checkbox" | "radio";
  readonly isChosen: boolean;
  readonly isClosed: boolean;
  readonly toggle: () => void;
}

function Row({ account, said, locale, type, isChosen, isClosed, toggle }: RowProps): JSX.Element {
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
          <span class="strong">{account.display_name ?? said.unnamed}</span>
          <span class="detail">
            {kindOf(account, said.kinds)} <Last4 digits={account.last4} words={said} />
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
  const said = words.accounts;
  const type = rules.isSingle ? "radio" : "checkbox";
  return (
    <>
      <main>
        <Title text={rules.isSingle ? said.titleSingle : said.title} />
        <p class="lead">{(rules.isSingle ? said.textSingle : said.text)(view.merchant.name)}</p>
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
                  <span>{said.all}</span>
                </label>
              </li>
            ) : null}
            {accounts.map((account) => (
              <Row
                key={account.id}
                account={account}
                said={said}
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
          {limit === null || rules.isSingle ? null : <p class="notice">{said.limit(limit)}</p>}
        </fieldset>
      </main>
      <Footer secured={words.secured}>
        <Button
          testId="ls-accounts-submit"
          isBusy={isSending}
          isDisabled={choice.size === 0}
          onPress={() => {
            act.select([...choice]);
          }}
        >
          {said.submit(choice.size)}
        </Button>
      </Footer>
    </>
  );
}
