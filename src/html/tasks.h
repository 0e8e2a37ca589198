/* tasks.h - what this room asks of the process that reads strangers' bytes (parser/task.h), and
 * what that process does for it. */
#pragma once
#include "html/html.h"
#include "parser/task.h"

enum { HTML_TEXT_BYTES_MAX = 4 * HTML_BYTES_MAX };

extern const struct parser_task HTML_SANITIZE_TASK, HTML_TEXT_TASK, HTML_CHECK_TASK;

/* Asks whether it can be read; is_quoted: with room left, as html_check_quoted says. */
bool tasks_check(const char *html, bool is_quoted, struct error *error);

/* html_sanitize, html_text and both checks, here and now. */
bool sanitize_run(const char *html, const struct list *files, struct arena *arena,
                  const char **ret_html, struct error *error);
bool check_run(const char *html, bool is_quoted, struct error *error);
bool text_run(const char *html, struct arena *arena, const char **ret_text, struct error *error);
