(() => {
  for (const root of document.querySelectorAll(".layerwise:not([data-live])")) {
    const steps = [...root.querySelectorAll(".lw-step")];
    const boxes = [...root.querySelectorAll(".lw-box")];
    const arrows = [...root.querySelectorAll(".lw-arrow")];
    const last = steps.length - 1;
    let now = 0;

    const control = (tag, properties) => {
      const element = Object.assign(document.createElement(tag), properties);
      element.setAttribute("data-lm-suppress-shortcuts", "true");
      bar.append(element);
      return element;
    };
    const bar = document.createElement("div");
    bar.className = "lw-controls";
    const button = (text, title, target) =>
      control("button", { type: "button", textContent: text, title: title, ariaLabel: title, onclick: () => show(target()) });
    const first = button("|\u25c0", "first step (Home)", () => 0);
    const back = button("\u25c0", "one step back (left arrow)", () => now - 1);
    const slider = control("input", { type: "range", min: 0, max: last, ariaLabel: "step" });
    const next = button("\u25b6", "one step on (right arrow)", () => now + 1);
    const end = button("\u25b6|", "last step (End)", () => last);
    const place = control("output", {});
    slider.oninput = () => show(Number(slider.value));
    root.querySelector(".lw-row").before(bar);

    const toggle = (element, name, on) => element.toggleAttribute(name, on);
    function show(step) {
      now = Math.max(0, Math.min(last, step));
      const way = steps[now].dataset.way;
      root.dataset.way = way;
      steps.forEach((element, i) => { toggle(element, "data-now", i === now); if (i === now) element.open = true; });
      boxes.forEach((box) => {
        const [forward, backward] = [Number(box.dataset.forward), Number(box.dataset.backward)];
        toggle(box, "data-now", now === forward || now === backward);
        toggle(box, "data-forward-done", forward <= now);
        toggle(box, "data-backward-done", backward <= now);
      });
      arrows.forEach((arrow) => { arrow.textContent = way === "forward" ? "\u2192" : "\u2190"; });
      slider.value = now;
      place.textContent = `step ${now + 1} of ${last + 1}`;
      first.disabled = back.disabled = now === 0;
      next.disabled = end.disabled = now === last;
    }
    boxes.forEach((box) => {
      box.onclick = () => show(Number(root.dataset.way === "forward" ? box.dataset.forward : box.dataset.backward));
    });
    steps.forEach((step) => {
      step.querySelector("summary").onclick = (event) => event.preventDefault();
    });
    // keys belong to the stepper while it has the focus; those with a modifier go on to the page
    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.stopPropagation();
      const target = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      show(target);
    });
    root.setAttribute("data-live", "");
    show(0);
  }
})();
