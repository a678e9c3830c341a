import { el } from "./dom.js";
import { drawOrbit } from "./orbit.js";
import { renderSection } from "./section.js";
import { sections } from "./sections.js";
import { onTraffic } from "./traffic.js";

const main = document.getElementById("examples");
const nav = document.getElementById("nav");
const links = new Map();

for (const section of sections) {
	main.append(renderSection(section));
	const link = el("a", { href: `#${section.id}`, test: `nav-${section.id}` }, section.id);
	links.set(section.id, link);
	nav.append(el("li", {}, link));
}

drawOrbit(document.getElementById("sky"), document.getElementById("orbit"), document.getElementById("today"));
showTraffic();
followScrolling();

/** Sections came after the browser had looked for the address' fragment. */
if (location.hash) {
	document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

function showTraffic() {
	const parts = Object.fromEntries(["open", "sent", "received"].map((name) => [name, document.getElementById(`traffic-${name}`)]));
	onTraffic((totals) => Object.entries(parts).forEach(([name, part]) => part.textContent = totals[name].toLocaleString("en")));
}

function followScrolling() {
	const observer = new IntersectionObserver((entries) => {
		for (const { target, isIntersecting } of entries) {
			mark(links.get(target.id), isIntersecting);
		}
	}, { rootMargin: "-35% 0px -60% 0px" });
	main.querySelectorAll(".section").forEach((section) => observer.observe(section));
}

function mark(link, current) {
	if (!current) {
		link.removeAttribute("aria-current");
		return;
	}
	link.setAttribute("aria-current", "true");
	const row = nav.parentElement;
	if (row.scrollWidth > row.clientWidth) {
		row.scrollLeft = link.offsetLeft - row.clientWidth / 2 + link.offsetWidth / 2;
	}
}
