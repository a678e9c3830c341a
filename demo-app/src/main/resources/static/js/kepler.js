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

/** The orbit of 1P/Halley between the perihelion of 1986 and the next. */
export const ECCENTRICITY = 0.96714;
export const SEMI_MAJOR_AXIS = 17.834;
export const SHAPE = Math.sqrt(1 - ECCENTRICITY ** 2);

const PERIHELION = Date.UTC(1986, 1, 9);
const NEXT_PERIHELION = Date.UTC(2061, 6, 28);

/** The part of the way round from perihelion to perihelion that is behind the comet at a time, 0 to 1. */
export function phaseAt(time) {
	const phase = (time - PERIHELION) / (NEXT_PERIHELION - PERIHELION);
	return phase - Math.floor(phase);
}

/** Where the comet is at a phase: `x` and `y` in units of the semi-major axis from the ellipse's centre, `distance` in AU. */
export function positionAt(phase) {
	const anomaly = eccentricAnomaly(phase * 2 * Math.PI);
	return {
		x: Math.cos(anomaly),
		y: SHAPE * Math.sin(anomaly),
		distance: SEMI_MAJOR_AXIS * (1 - ECCENTRICITY * Math.cos(anomaly)),
	};
}

/** Solves Kepler's equation, M = E − e sin E, by halving: an orbit as long as this one leads Newton's method astray. */
function eccentricAnomaly(mean) {
	let low = 0;
	let high = 2 * Math.PI;
	for (let step = 0; step < 40; step++) {
		const middle = (low + high) / 2;
		if (middle - ECCENTRICITY * Math.sin(middle) < mean) {
			low = middle;
		}
		else {
			high = middle;
		}
	}
	return (low + high) / 2;
}
