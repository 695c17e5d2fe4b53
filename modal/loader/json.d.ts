/** What the build makes of `messages/`: each language's title for the dialog. */
declare module "*/titles.json" {
  const titles: { readonly en: string; readonly [language: string]: string };
  export default titles;
}
