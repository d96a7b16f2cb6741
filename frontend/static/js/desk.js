// The agent desk.
import "./app.js";
import "./keys.js";
import "./tree.js";
import "./drafts.js";
import "./queue.js";
import "./bulk.js";
import "./live.js";
import "./guard.js";
import "./palette.js";
import "./preview.js";
