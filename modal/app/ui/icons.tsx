/** The few pictures the modal draws itself. */
import type { JSX } from "preact";

function icon(path: string, name = "icon"): () => JSX.Element {
  return () => (
    <svg class={name} viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        stroke-width="1.75"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

export const Cross = icon("M6 6l12 12M18 6L6 18");
export const Arrow = icon("M19 12H5m6-6l-6 6 6 6", "icon along");
export const Outward = icon("M8 16L16 8M9 8h7v7", "icon along");
export const Chevron = icon("M9.5 6l6 6-6 6", "icon along");
export const Tick = icon("M5 12.5l4.5 4.5L19 7.5");
export const Lens = icon("M11 18a7 7 0 100-14 7 7 0 000 14zm5-2l4.5 4.5");
export const Lock = icon("M7 11V8a5 5 0 0110 0v3M6 11h12v9H6z");
export const Alert = icon("M12 8v5m0 3.5v.01M12 3.5l9 16H3z");
