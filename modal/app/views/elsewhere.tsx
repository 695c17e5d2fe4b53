/** What a tab shows that was left behind: the person went on in another one. */
import type { JSX } from "preact";
import type { Words } from "../i18n/words.ts";
import type { Actions } from "../run.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Title } from "../ui/title.tsx";

interface Props {
  readonly act: Actions;
  readonly words: Words;
}

export function Elsewhere({ act, words }: Props): JSX.Element {
  return (
    <>
      <main class="centered">
        <Title text={words("elsewhere.title")} />
        <p class="lead">{words("elsewhere.text")}</p>
      </main>
      <Footer secured={words("secured")}>
        <Button testId="ls-elsewhere-resume" onPress={act.resume}>
          {words("elsewhere.resume")}
        </Button>
        <Button kind="plain" testId="ls-elsewhere-close" onPress={act.leave}>
          {words("error.actions.close")}
        </Button>
      </Footer>
    </>
  );
}
