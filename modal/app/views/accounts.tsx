/** The pane where accounts are ticked. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../api.ts";
import {
  allToggled,
  isAll,
  isFull,
  mayChooseAll,
  saidOf,
  suggested,
  toggled,
  type Rules,
} from "../choice.ts";
import type { Words } from "../i18n/words.ts";
import { money } from "../i18n/format.ts";
import type { PaneProps } from "../pane.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Last4 } from "../ui/last4.tsx";
import { Mark } from "../ui/monogram.tsx";
import { KindOf, nameOfKind } from "../ui/kind.tsx";
import { Title } from "../ui/title.tsx";
import type { Candidate } from "../view.ts";

interface RowProps {
  readonly account: Candidate;
  readonly words: Words;
  readonly locale: string;
  readonly type: "checkbox" | "radio";
  readonly isChosen: boolean;
  readonly isClosed: boolean;
  readonly toggle: () => void;
  readonly children: ComponentChildren;
}

function Row({ account, words, locale, type, isChosen, isClosed, toggle, children }: RowProps): JSX.Element {
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
            {nameOfKind(account.subcategory, words)} <Last4 digits={account.last4} words={words} />
          </span>
          {account.reason === null ? null : <span class="detail">{account.reason}</span>}
          {account.linked ? <span class="detail">{words("accounts.linked")}</span> : null}
        </span>
        {balance === null || !account.eligible ? null : (
          <bdi class="amount">{money(locale, balance.amount, balance.currency)}</bdi>
        )}
      </label>
      {children}
    </li>
  );
}

export function Accounts({ view, act, words, locale, isSending }: PaneProps<"accounts">): JSX.Element {
  const { institution, accounts, limit, kinds, must_say_kind: mustSay } = view.accounts;
  const rules: Rules = { candidates: accounts, isSingle: !view.multiple, limit };
  const [choice, setChoice] = useState(() => suggested(rules));
  const [told, setTold] = useState<Answer>({});
  const [isAsked, setAsked] = useState(false);
  const untold = accounts.filter(({ id, asks_kind: asks }) => asks && choice.has(id) && !told[id]);
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
            <Mark bank={institution} /> {institution.name}
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
              >
                {account.asks_kind && choice.has(account.id) ? (
                  <KindOf
                    account={account}
                    kinds={kinds}
                    words={words}
                    value={told[account.id] ?? ""}
                    isMissing={isAsked && untold.includes(account)}
                    tell={(kind) => {
                      setTold((before) => ({ ...before, [account.id]: kind }));
                    }}
                  />
                ) : null}
              </Row>
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
            const [first] = untold;
            setAsked(mustSay);
            if (mustSay && first) document.getElementsByName(`kind-${first.id}`)[0]?.focus();
            else act.select([...choice], saidOf(told, choice));
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
