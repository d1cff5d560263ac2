// Everything works without this: it focuses error summaries and stops double clicks.
import { Button, ErrorSummary, SkipLink, createAll } from "./vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button);
createAll(ErrorSummary);
createAll(SkipLink);
document.body.dataset.ready = "1";
