/** A page of its own: its layers are in it, and it asks nobody for anything. */

/* global basemap, labels, layer, renderer -- webmap/files/alone.py puts these before this file. */

const { L } = window;
const frame = document.querySelector(".map");
const held = JSON.parse(document.querySelector("#held").textContent);
const sections = new Map(
  [...document.querySelectorAll("[data-layer]")].map((each) => [each.dataset.layer, each]),
);
const map = L.map(frame, { minZoom: 5, maxZoom: 18, zoomSnap: 0.5, attributionControl: false });
L.control.scale().addTo(map);
map.createPane("marked").style.zIndex = 450;
const canvas = renderer.canvas({ padding: 0.2, inks: held.inks });
const marker = L.canvas({ pane: "marked", padding: 0.2 });
let group = null;
let marked = null;
let shown = null;

/** A layer's features on the map, those of the first classes on top. */
function draw(each) {
  const drawn = L.geoJSON(null, {
    renderer: canvas,
    bubblingMouseEvents: false,
    style: ({ place }) => {
      const style = each.classes[each.lines[place]];
      const fill = style.tints.length ? style.tints[each.tints[place]] : style.fill;
      const count = each.features.length;
      return { ...layer.pathOptions({ ...style, fill }, each.kind, count), renderer: canvas };
    },
    pointToLayer: (_, spot) => L.circleMarker(spot, { renderer: canvas, bubblingMouseEvents: false }),
  });
  for (const place of layer.drawingOrder(each.lines)) {
    if (each.features[place].geometry) drawn.addData({ ...each.features[place], place });
  }
  drawn.on("click", ({ propagatedFrom }) => choose(propagatedFrom.feature.id));
  drawn.bindTooltip(({ feature }) => nameOf(each, feature.id), { sticky: true });
  return drawn;
}

function nameOf(each, featureId) {
  const name = document.createElement("strong");
  name.textContent = rowOf(each, featureId).cells[0].textContent;
  return name;
}

/** A dark line over a light one, that shows on any fill. */
function outline(shape) {
  const pen = (color, weight) => ({ color, weight, fill: false, interactive: false, renderer: marker });
  return L.featureGroup(
    [pen("#ffffff", 7), pen("#101820", 3.5)].map((style) =>
      L.geoJSON(shape, { style, pointToLayer: (_, spot) => L.circleMarker(spot, { radius: 10 }) }),
    ),
  );
}

function rowOf({ layer_id: id }, featureId) {
  return sections.get(id).querySelector(`tr[data-id="${CSS.escape(featureId)}"]`);
}

function show(id) {
  shown = held.layers.find(({ layer_id: other }) => other === id);
  for (const [name, section] of sections) section.hidden = name !== id;
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === id));
  }
  group?.remove();
  marked?.remove();
  group = shown.features ? draw(shown).addTo(map) : null;
  fit();
  choose(shown.selected);
}

function fit() {
  const { radius, weight } = layer.sizes(map.getZoom());
  if (shown?.kind === "line") group.setStyle({ weight });
  if (shown?.kind === "point") group.eachLayer((point) => point.setRadius(radius));
}

/** Mark a feature on the map and its row in the table, and tell what its row tells. */
function choose(featureId) {
  marked?.remove();
  const section = sections.get(shown.layer_id);
  section.querySelector('tr[aria-current="true"]')?.removeAttribute("aria-current");
  const row = featureId ? rowOf(shown, featureId) : null;
  const facts = document.querySelector("#chosen");
  facts.replaceChildren();
  document.querySelector("#choose").hidden = Boolean(row);
  if (!row) return;
  row.setAttribute("aria-current", "true");
  const headings = section.querySelectorAll("thead th");
  [...row.cells].forEach((cell, at) => {
    const [name, text] = ["dt", "dd"].map((tag) => document.createElement(tag));
    name.textContent = headings[at].textContent;
    text.textContent = cell.textContent;
    facts.append(name, text);
  });
  const shape = shown.features?.find(({ id }) => id === featureId)?.geometry;
  if (shape) marked = outline(shape).addTo(map);
}

for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => show(button.dataset.show));
}
for (const section of sections.values()) {
  section.addEventListener("click", ({ target }) => {
    const row = target.closest("tr[data-id]");
    if (!row) return;
    choose(row.dataset.id);
    if (marked) map.fitBounds(marked.getBounds(), { maxZoom: 14 });
  });
}
map.on("click", () => choose(""));
map.on("zoomend", fit);
const [west, south, east, north] = held.bounds;
map.fitBounds(
  [
    [south, west],
    [north, east],
  ],
  { animate: false },
);
basemap.draw(map, held.ground);
labels.draw(map, held.ground);
show(held.layers[0].layer_id);
frame.dataset.shown = "";
