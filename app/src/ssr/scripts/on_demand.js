// Starts the app of a page that was rendered for a browser without cookies.
(() => {
  // Events of a user interaction. An assistive technology may send a click alone.
  const actions = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'scroll', 'click'];
  const appear = () => document.head.append(document.getElementById('app-scripts').content);
  const start = (event) => {
    // A browser also reports a pointer that rests where a new page appears.
    if (event?.type === 'pointermove' && event.movementX === 0 && event.movementY === 0) return;
    for (const action of actions) removeEventListener(action, start, true);
    removeEventListener('pageshow', restored);
    tabs?.close();
    // The scripts of a template run when they become part of the document. The app needs the whole document.
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', appear);
    else appear();
  };
  // The state of another tab has changed since this page was rendered. There was no interaction here, so a reload loses nothing.
  const outdated = () => location.reload();
  const restored = (event) => event.persisted && outdated();
  // `null` if the browser blocks it, or has none.
  const allowed = (read) => {
    try {
      return read();
    } catch {
      return null;
    }
  };
  for (const action of actions) addEventListener(action, start, { capture: true, passive: true });
  addEventListener('pageshow', restored);
  // The channel of `client::browser`.
  const tabs = allowed(() => new BroadcastChannel('latchkey'));
  tabs?.addEventListener('message', outdated);
  // A token of this tab or of an earlier visit.
  if (allowed(() => sessionStorage.length + localStorage.length)) start();
  // A form that works only in the app, or content that only the app can show.
  addEventListener('DOMContentLoaded', () => document.querySelector('[data-needs-app]') && start());
})();
