// What every signed-in page and the sign-in page share.
import "./say.js";
import "./toast.js";
import "./theme.js";
import "./dialogs.js";
import "./tabs.js";
import "./focus.js";
import "./clocks.js";
import "./failures.js";
import "./activity.js";
