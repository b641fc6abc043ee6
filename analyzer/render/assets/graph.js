// Moves a graph about: drag to pan, wheel or pinch to zoom at the pointer, + - 0 and the arrows do the
// same from the keyboard, a double click shows all of it again. A click on a node shows its edges alone,
// until a click beside it, or Escape.
(() => {
  "use strict";
  const root = document.currentScript.ownerSVGElement;
  const view = root.querySelector("#viewport");
  const LEAST = 0.1, MOST = 100; // zoom, compared with all of the graph in the window
  const LARGEST = 1.6; // pixels per point at which a small graph is shown at first
  const NEAR = 4; // pixels a click may wander

  // Where the graph is: scaled first, then shifted, in the root's units.
  let scale, x, y;

  function show() {
    view.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
  }

  // A place in the window, in pixels, as a place in the root.
  function place(clientX, clientY) {
    return new DOMPoint(clientX, clientY).matrixTransform(root.getScreenCTM().inverse());
  }

  function zoom(factor, at) {
    const next = Math.min(MOST, Math.max(LEAST, scale * factor));
    x = at.x - (at.x - x) * next / scale;
    y = at.y - (at.y - y) * next / scale;
    scale = next;
    show();
  }

  function middle() {
    const box = root.viewBox.baseVal;
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  function reset() {
    scale = 1;
    x = 0;
    y = 0;
    zoom(Math.min(1, LARGEST / root.getScreenCTM().a), middle());
  }

  root.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaY * [1, 16, 400][event.deltaMode];
    // A pinch on a touchpad comes as a wheel with Ctrl, in smaller steps.
    zoom(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.002)), place(event.clientX, event.clientY));
  }, { passive: false });

  // Fingers and the mouse: where each is. One pans, two zoom as well.
  const pointers = new Map();
  let began = null; // where a click would be, until it has wandered too far

  function grip() {
    const all = [...pointers.values()].slice(0, 2);
    const at = {
      x: all.reduce((sum, p) => sum + p.x, 0) / all.length,
      y: all.reduce((sum, p) => sum + p.y, 0) / all.length,
    };
    const width = all.length === 2 ? Math.hypot(all[0].x - all[1].x, all[0].y - all[1].y) : 0;
    return { at, width };
  }

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0)
      return;
    began = pointers.size ? null : { x: event.clientX, y: event.clientY, target: event.target };
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    root.setPointerCapture(event.pointerId);
  });

  root.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId))
      return;
    if (began && Math.hypot(event.clientX - began.x, event.clientY - began.y) > NEAR)
      began = null;
    const before = grip();
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = grip();
    if (began)
      return;
    root.classList.add("dragged");
    const from = place(before.at.x, before.at.y), to = place(after.at.x, after.at.y);
    x += to.x - from.x;
    y += to.y - from.y;
    zoom(before.width && after.width ? after.width / before.width : 1, to);
  });

  function release(event) {
    if (!pointers.delete(event.pointerId))
      return;
    if (!pointers.size)
      root.classList.remove("dragged");
    if (began && event.type === "pointerup")
      pick(began.target.closest(".node"));
    began = null;
  }
  root.addEventListener("pointerup", release);
  root.addEventListener("pointercancel", release);

  // Edges are named for their ends: N1->N2.
  const named = (element) => element.querySelector("title").textContent;
  let picked = null;

  function pick(node) {
    picked = node === picked ? null : node;
    root.classList.toggle("picked", picked !== null);
    for (const lit of root.querySelectorAll(".lit"))
      lit.classList.remove("lit");
    if (!picked)
      return;
    const name = named(picked), lit = new Set([name]);
    for (const edge of root.querySelectorAll(".edge")) {
      const ends = named(edge).split("->");
      if (!ends.includes(name))
        continue;
      edge.classList.add("lit");
      ends.forEach((end) => lit.add(end));
    }
    for (const other of root.querySelectorAll(".node"))
      if (lit.has(named(other)))
        other.classList.add("lit");
  }

  root.addEventListener("dblclick", reset);

  function pan(right, down) {
    const box = root.viewBox.baseVal;
    x -= right * box.width / 10;
    y -= down * box.height / 10;
    show();
  }

  const keys = {
    "+": () => zoom(1.25, middle()),
    "=": () => zoom(1.25, middle()),
    "-": () => zoom(0.8, middle()),
    "0": reset,
    ArrowLeft: () => pan(-1, 0),
    ArrowRight: () => pan(1, 0),
    ArrowUp: () => pan(0, -1),
    ArrowDown: () => pan(0, 1),
    Escape: () => pick(null),
  };
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(keys, event.key))
      return;
    event.preventDefault();
    keys[event.key]();
  });

  reset();
})();
