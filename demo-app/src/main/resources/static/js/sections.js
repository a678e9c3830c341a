import bye from "./sections/bye.js";
import clock from "./sections/clock.js";
import consoleSection from "./sections/console.js";
import echo from "./sections/echo.js";
import hello from "./sections/hello.js";
import rooms from "./sections/rooms.js";

/** The page, from top to bottom. A new example is one module in `sections/` and one entry here. */
export const sections = [hello, bye, echo, rooms, clock, consoleSection];
