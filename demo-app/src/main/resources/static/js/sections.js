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

import answers from "./sections/answers.js";
import bye from "./sections/bye.js";
import clock from "./sections/clock.js";
import comet from "./sections/comet.js";
import consoleSection from "./sections/console.js";
import echo from "./sections/echo.js";
import events from "./sections/events.js";
import hello from "./sections/hello.js";
import live from "./sections/live.js";
import prices from "./sections/prices.js";
import recorded from "./sections/recorded.js";
import rooms from "./sections/rooms.js";

/** The page, from top to bottom. A new example is one module in `sections/` and one entry here. */
export const sections = [hello, bye, echo, rooms, clock, comet, events, answers, recorded, prices, live, consoleSection];
