/* Suggestions below search boxes, as one types: a combobox with a listbox (WAI-ARIA 1.2). Without this the boxes work too.
   A box says by data-suggest where to ask, and by data-suggest-label what the list is called. */
"use strict";

const WAIT_MS = 150;

function attach(box, number) {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.suggestLabel);
  box.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    box.setAttribute(name, value);
  }
  let timer, asked, chosen = -1;

  const options = () => list.children;
  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    list.replaceChildren();
    choose(-1);
    box.setAttribute("aria-expanded", "false");
  };
  const choose = (which) => {
    options()[chosen]?.setAttribute("aria-selected", "false");
    chosen = which;
    const option = options()[chosen];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };
  // What was suggested lies on this site, under whatever name the browser knows it.
  const go = (address) => {
    const target = new URL(address, location.href);
    location.assign(target.pathname + target.search + target.hash);
  };
  const show = (names, kinds, addresses) => {
    list.replaceChildren(...names.map((name, index) => {
      const option = document.createElement("li"), kind = document.createElement("small");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      kind.textContent = kinds[index];
      option.append(name, " ", kind);
      option.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
      option.addEventListener("click", () => go(addresses[index]));
      option.dataset.address = addresses[index];
      return option;
    }));
    chosen = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = names.length === 0;
    box.setAttribute("aria-expanded", String(names.length > 0));
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const typed = box.value.trim();
    try {
      const address = `${box.dataset.suggest}&q=${encodeURIComponent(typed)}`;
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return close();
      const [, names, kinds, addresses] = await answer.json();
      if (typed === box.value.trim() && document.activeElement === box) show(names, kinds, addresses);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (box.value.trim()) timer = setTimeout(ask, WAIT_MS);
    else close();
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && chosen >= 0) go(options()[chosen].dataset.address);
    else if (event.key === "ArrowDown" && count) choose(chosen + 1 < count ? chosen + 1 : -1);
    else if (event.key === "ArrowUp" && count) choose(chosen >= 0 ? chosen - 1 : count - 1);
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("input[data-suggest]").forEach(attach);
