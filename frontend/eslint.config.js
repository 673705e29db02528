/** What eslint holds against this code: its own recommendations, and the few habits that the house asks for. */
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["src/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-console": "error",
      "max-lines": ["error", 300],
      "no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
    },
  },
  { files: ["test/**/*.js", "*.js"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
