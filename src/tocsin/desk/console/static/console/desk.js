// What every page does where scripts may run.

import { startAlarm } from "./alarm.js";
import { startClocks } from "./clocks.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";

startClocks();
startAlarm();
startKeys();
startLive();
