// The network of a child: drawn from what stands in the page, at the places that the server gave.
// Every node stands in the list beside it too, and is chosen from there by keyboard.
const said = JSON.parse(document.querySelector("#network-data").textContent);
const part = (name) => document.querySelector(`.sp-network__${name}`);
const byId = new Map(said.list.map((one) => [one.id, one]));
const unfolded = new Set();
const [area, agency, state] = ["area", "agency", "state"].map((name) => document.querySelector(`#network-${name}`));
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let chosen = null;

function fits(one) {
  if (one.kind === "child") return true;
  if (area.value && one.area !== area.value) return false;
  if (one.kind === "authority") return true;
  if (agency.value && one.agency !== agency.value) return false;
  return !state.value || one.open === (state.value === "open");
}

function unfoldable(one) {
  return !one.first && !unfolded.has(one.area);
}

function seen(one) {
  if (!fits(one) || unfoldable(one)) return false;
  return one.kind !== "practitioner" || seen(byId.get(one.under));
}

function tag(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function button(text, press) {
  const made = tag("button", { type: "button", className: "sp-link-button", textContent: text });
  made.addEventListener("click", press);
  return made;
}

function entry(one) {
  const name = button(one.label, () => choose(one.id));
  name.dataset.node = one.id;
  const under = said.list.filter((other) => other.under === one.id && other.kind !== "authority");
  const below = under.filter(seen).map(entry);
  const more = under.filter((other) => fits(other) && unfoldable(other)).length;
  if (more) below.push(tag("li", {}, [button(`Show ${more} more in ${one.label}`, () => unfold(one.id))]));
  const ended = one.open || one.kind === "authority" ? "" : " (ended)";
  return tag("li", {}, [name, ended, ...(below.length ? [tag("ul", {}, below)] : [])]);
}

function unfold(id) {
  unfolded.add(id);
  show();
  choose(id);
}

function choose(id) {
  chosen = id;
  network.selectNodes([id]);
  const animation = still ? false : { duration: 200 };
  network.focus(id, { scale: Math.max(network.getScale(), 0.7), animation });
  mark();
}

function mark() {
  const one = byId.get(chosen);
  for (const name of part("list").querySelectorAll("[data-node]")) {
    const here = name.dataset.node === chosen;
    name.toggleAttribute("aria-current", here);
    if (here) part("list").scrollTop = name.offsetTop - part("list").offsetTop - 40;
  }
  part("said").textContent = one ? one.text : "";
}

function show(whole = false) {
  const there = new Set(said.list.filter(seen).map((one) => one.id));
  network.setData({
    nodes: said.nodes.filter((node) => there.has(node.id)),
    edges: said.edges.filter((edge) => there.has(edge.from) && there.has(edge.to)),
  });
  const roots = said.list.filter((one) => one.kind === "authority" && seen(one));
  part("list").replaceChildren(tag("ul", {}, [byId.get("child"), ...roots].map(entry)));
  if (chosen && !there.has(chosen)) chosen = null;
  if (chosen) network.selectNodes([chosen]);
  if (whole) network.fit({ animation: false });
  mark();
}

function reset() {
  unfolded.clear();
  chosen = null;
  for (const one of [area, agency, state]) one.value = "";
  show(true);
}

function zoom(by) {
  network.moveTo({ scale: network.getScale() * by, animation: still ? false : { duration: 150 } });
}

function step(by) {
  const names = [...part("list").querySelectorAll("[data-node]")].map((name) => name.dataset.node);
  choose(names[(names.indexOf(chosen) + by + names.length) % names.length]);
}

const KEYS = { n: () => step(1), p: () => step(-1), "+": () => zoom(1.3), "-": () => zoom(1 / 1.3), Escape: reset };

part("all").hidden = false;
const network = new globalThis.vis.Network(part("canvas"), { nodes: [], edges: [] }, said.options);
show(true);
network.on("selectNode", (event) => { chosen = event.nodes[0]; mark(); });
network.on("doubleClick", (event) => event.nodes.length && unfold(byId.get(event.nodes[0]).area || event.nodes[0]));
for (const one of [area, agency, state]) one.addEventListener("change", () => show(true));
part("canvas").addEventListener("keydown", (event) => {
  const act = event.ctrlKey || event.metaKey || event.altKey ? null : KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});

// The picture is saved only once the server has recorded it.
const picture = part("picture");
if (picture) {
  picture.hidden = false;
  picture.addEventListener("click", async (event) => {
    event.preventDefault();
    const sent = new FormData(picture.form, picture);
    const answer = await fetch(picture.form.action, { method: "POST", body: sent });
    const told = document.querySelector(".sp-export__said");
    told.textContent = answer.ok ? "The picture is saved." : "Not saved: a one-time code is needed, or the map must be opened again.";
    if (answer.ok) part("canvas").querySelector("canvas").toBlob(save);
  });
}

function save(blob) {
  const link = tag("a", { href: URL.createObjectURL(blob), download: "signpost-network.png" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

part("reset").addEventListener("click", reset);
part("in").addEventListener("click", () => zoom(1.3));
part("out").addEventListener("click", () => zoom(1 / 1.3));
part("canvas").drawing = network; // for whoever looks into it from outside: tests, and the console
network.once("afterDrawing", () => { part("all").dataset.drawn = Math.round(performance.now()); });
network.redraw();
