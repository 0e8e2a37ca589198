/* html.h - what is needed of HTML: its text, and a harmless form of somebody else's. Hides gumbo.
 *
 * Input is hostile: what is too large, nested too deep or blows up is ERROR_TOO_LARGE before
 * anything walks the tree (html_sanitize makes it less deep first, and refuses only its size).
 * html_text and html_sanitize run in the process that reads strangers' bytes, and also fail as
 * parser_run says (parser/parser.h): ERROR_UNREADABLE, ERROR_UNAVAILABLE.
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"

enum { HTML_BYTES_MAX = 10 * 1024 * 1024, HTML_DEPTH_MAX = 512 };

/* The text alternative: blocks on lines of their own, links as `text <url>`, lists with dashes,
 * quotes with `> `, tables row by row, images by their alt; nothing of head, script, style, and
 * nothing that is hidden. */
bool html_text(const char *html, struct arena *arena, const char **ret_text, struct error *error);

/* For quoting somebody's mail: only known elements and attributes stay, no script, style sheet,
 * form, frame, object, event handler or remote load; href only http, https, mailto, tel, sms; src
 * only cid: (and data: of PNG, JPEG, GIF, WebP, BMP, AVIF and icons). What its sender hid is left
 * out; what its style sheet says of an element stands in the element's style; what html and body
 * say of all stands in a div around it; the text of a form's fields stays. HTML that is too deep is
 * made flatter. sanitize(sanitize(x)) = sanitize(x). */
bool html_sanitize(const char *html, struct arena *arena, const char **ret_html,
                   struct error *error);

/* A file that came along with a page. */
struct html_file {
    const char *content_id;          /* without <> */
    const char *location, *filename; /* Content-Location and name; or NULL */
};
enum { HTML_FILES_MAX = 1100 };

/* The same of a page that came with files (of struct html_file): an image that names one of them,
 * in whatever way, gets its cid: as src. */
bool html_sanitize_with(const char *html, const struct list *files, struct arena *arena,
                        const char **ret_html, struct error *error);

/* Whether html_text can read it: ERROR_TOO_LARGE with the reason otherwise. Ordinary mail is told
 * by counting characters; the rest is read once. */
bool html_check(const char *html, struct error *error);
/* The same for HTML that others will write around, as answers do: with room left for that. */
bool html_check_quoted(const char *html, struct error *error);

/* Plain text as HTML: escaped; line breaks, runs of spaces and indents are kept, tabs as columns of
 * eight. A tab becomes at most 16 bytes, any other character six. */
const char *html_escape(const char *text, struct arena *arena);
