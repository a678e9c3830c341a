/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import { ECCENTRICITY, phaseAt, positionAt, SEMI_MAJOR_AXIS, SHAPE } from "./kepler.js";
import { onTraffic } from "./traffic.js";

const SVG = "http://www.w3.org/2000/svg";
const PLANETS = [["Earth", 1], ["Jupiter", 5.203], ["Saturn", 9.537], ["Uranus", 19.19], ["Neptune", 30.07]];
const FLIGHT = 2_200;
const MOST = 24;
const ROOM_FOR_NAMES = 480;

/**
 * Draws the orbit to scale behind the head of the page, and lets a comet fly along it for each frame: towards the sun
 * for what this page sends, away from it for what it receives. Its tail points away from the sun, as tails do.
 */
export function drawOrbit(sky, place, caption) {
	const still = matchMedia("(prefers-reduced-motion: reduce)");
	const chart = make("g", {}, sky);
	const flights = new Set();
	let plan;
	defineTails(sky);
	const draw = () => {
		plan = measure(sky, place);
		chart.replaceChildren();
		drawPlanets(chart, plan);
		drawPath(chart, plan);
		drawToday(chart, plan);
	};
	new ResizeObserver(draw).observe(sky.parentElement);
	draw();
	describeToday(caption);
	onTraffic((totals, direction) => {
		if (direction && !still.matches && !document.hidden && flights.size < MOST) {
			fly(sky, () => plan, direction, flights);
		}
	});
}

function measure(sky, place) {
	const outer = sky.parentElement.getBoundingClientRect();
	const inner = place.getBoundingClientRect();
	const half = Math.min(inner.width / 2, (inner.height - 56) / 2 / SHAPE);
	sky.setAttribute("viewBox", `0 0 ${outer.width} ${outer.height}`);
	return {
		half,
		x: inner.left - outer.left + inner.width / 2, y: inner.top - outer.top + inner.height / 2,
		sun: inner.left - outer.left + inner.width / 2 + half * ECCENTRICITY,
	};
}

function drawPlanets(chart, { half, sun, y }) {
	PLANETS.forEach(([name, distance], index) => {
		const radius = distance / SEMI_MAJOR_AXIS * half;
		make("circle", { class: "sky-planet", cx: sun, cy: y, r: radius }, chart);
		if (index > 0 && half > ROOM_FOR_NAMES) {
			label(chart, "sky-name", sun - radius + 8, y + 4, name);
		}
	});
}

function drawPath(chart, plan) {
	const { half, sun, x, y } = plan;
	const size = Math.max(0.6, Math.min(1, half / 480));
	make("ellipse", { class: "sky-path", cx: x, cy: y, rx: half, ry: half * SHAPE }, chart);
	for (let year = 1987; year <= 2061; year++) {
		const at = toPixels(plan, phaseAt(Date.UTC(year, 0, 1)));
		make("circle", { class: "sky-year", cx: at.x, cy: at.y, r: (year % 10 ? 1.3 : 2.4) * size }, chart);
	}
	make("circle", { class: "sky-sun-glow", cx: sun, cy: y, r: 13 }, chart);
	make("circle", { class: "sky-sun", cx: sun, cy: y, r: 5 }, chart);
	const rise = half * SHAPE;
	label(chart, "sky-leg", x + half * 0.28, y - rise * 0.96 - 14, "in →");
	label(chart, "sky-leg sky-leg-out", x + half * 0.28, y + rise * 0.96 + 24, "← out");
	label(chart, "sky-end", x - half + 18, y + 4, "this page");
	label(chart, "sky-end sky-end-right", sun - 22, y + 4, "the server");
}

function drawToday(chart, plan) {
	const at = toPixels(plan, phaseAt(Date.now()));
	make("circle", { class: "sky-today", cx: at.x, cy: at.y, r: 5 }, chart);
}

function describeToday(caption) {
	const phase = phaseAt(Date.now());
	const { distance } = positionAt(phase);
	caption.textContent = `1P/Halley is ${distance.toFixed(1)} AU from the Sun today, ${phase < 0.5 ? "on its way out" : "falling in"}.`;
}

/** A tail fades from the comet's own colour into nothing. */
function defineTails(sky) {
	const defs = make("defs", {}, sky);
	for (const direction of ["sent", "received"]) {
		const tail = make("linearGradient", { id: `tail-${direction}`, class: `sky-tail-${direction}` }, defs);
		make("stop", { offset: 0, "stop-opacity": 0.75 }, tail);
		make("stop", { offset: 1, "stop-opacity": 0 }, tail);
	}
}

function fly(sky, plan, direction, flights) {
	const comet = make("g", { class: `sky-comet sky-comet-${direction}` }, sky);
	const tail = make("path", { d: "M0-3 1-.6 1 .6 0 3z", fill: `url(#tail-${direction})` }, comet);
	make("circle", { r: 3.2 }, comet);
	const start = performance.now();
	flights.add(comet);
	const step = (now) => {
		const part = Math.max(0, (now - start) / FLIGHT);
		if (part >= 1) {
			comet.remove();
			flights.delete(comet);
			return;
		}
		place(comet, tail, plan(), direction === "sent" ? 0.5 + part / 2 : part / 2, Math.min(1, part * 8, (1 - part) * 6));
		requestAnimationFrame(step);
	};
	requestAnimationFrame(step);
}

function place(comet, tail, plan, phase, opacity) {
	const { x, y, distance } = toPixels(plan, phase);
	const away = Math.atan2(y - plan.y, x - plan.sun) * 180 / Math.PI;
	const length = Math.max(18, Math.min(150, 380 / Math.sqrt(distance + 0.4)) * plan.half / 620);
	comet.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${away.toFixed(2)})`);
	tail.setAttribute("transform", `scale(${length.toFixed(1)} 1)`);
	comet.style.opacity = opacity.toFixed(2);
}

/** Outward bound is the lower half of the picture, inward bound the upper. */
function toPixels({ half, x, y }, phase) {
	const position = positionAt(phase);
	return { x: x + half * position.x, y: y + half * position.y, distance: position.distance };
}

function label(chart, style, x, y, text) {
	make("text", { class: style, x, y }, chart).textContent = text;
}

function make(name, attributes, parent) {
	const node = document.createElementNS(SVG, name);
	Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
	parent.append(node);
	return node;
}
