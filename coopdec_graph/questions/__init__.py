"""The catalogue of questions: one annotated `.rq` file each, asked by command and over HTTP."""
