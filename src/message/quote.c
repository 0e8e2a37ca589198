#include "message/quote.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "html/html.h"
#include "mime/address.h"

enum {
    PEOPLE_BYTES_MAX = 16 * 1024,                  /* those beyond are counted */
    BODY_BYTES_MAX = QUOTE_BYTES_MAX - 512 * 1024, /* what stands around it has the rest */
    CLOSING_BYTES = 64 * 1024, /* for the elements that are open where HTML is cut */
    LINES_MAX = 100 * 1000,    /* of the HTML: each is an element and a text */
};

static const char CUT[] = "[The rest of this message is too long to be quoted.]";
static const char UNREADABLE[] = "[This message is too complicated to be quoted.]";

/* --- who and when */

static const char *date_of(const struct email *email, const struct manner *manner,
                           struct arena *arena)
{
    moment when = email->message_date.ms > 0 ? email->message_date : email->sent_at;
    return manner_time(manner, when, arena);
}

static const char *person(const char *email, const char *name, const struct manner_words *words,
                          struct arena *arena)
{
    if (text_is_empty(email))
        return text_is_empty(name) ? words->somebody : name;
    if (text_is_empty(name))
        return email;
    /* Without its quotes a name with a comma would read as two people. */
    bool needs_quotes = strpbrk(name, "()<>[]:;@\\,\"");
    return needs_quotes ? mime_address_text(&(struct address){email, name}, arena)
                        : arena_format(arena, "%s <%s>", name, email);
}

static const char *people(const struct list *list, const struct manner_words *words,
                          struct arena *arena)
{
    struct buf all = BUF(arena, SIZE_MAX / 4);
    struct error none;
    const struct address *items = list->items;
    for (size_t i = 0; i < list->count; i++) {
        if (all.size > PEOPLE_BYTES_MAX) {
            buf_addf(&all, "%s%zu%s", words->others[0], list->count - i, words->others[1]);
            break;
        }
        buf_addf(&all, "%s%s", i ? ", " : "", person(items[i].email, items[i].name, words, arena));
    }
    return buf_text(&all, &none);
}

static const char *attribution(const struct email *parent, const struct manner *manner,
                               struct arena *arena)
{
    const struct manner_words *words = manner_words(manner->language);
    const char *who = person(parent->from_email, parent->from_name, words, arena);
    const char *when = date_of(parent, manner, arena);
    return when ? arena_format(arena, "%s%s%s%s%s", words->before, when, words->between, who,
                               words->behind)
                : arena_format(arena, "%s%s", who, words->behind_alone);
}

/* --- the text */

/* What no process can read will not be read the next time either; but there may be none now. */
static bool quote_may_pass(const struct error *error)
{
    return error->code == ERROR_UNAVAILABLE;
}

static bool quote_text_of(const struct email *parent, struct arena *arena, const char **ret_text,
                          struct error *error)
{
    const char *html = NULL;
    *ret_text = text_or(parent->body_text, "");
    if (!text_is_empty(parent->body_text) || text_is_empty(parent->body_html) ||
        html_text(parent->body_html, arena, ret_text, error))
        return true;
    if (!quote_may_pass(error) && html_sanitize(parent->body_html, arena, &html, error) &&
        html_text(html, arena, ret_text, error)) /* it was too deep, and no more is */
        return true;
    *ret_text = UNREADABLE;
    return !quote_may_pass(error);
}

/* The size up to which text can be cut without splitting a character. */
static size_t whole_characters(const char *text, size_t size)
{
    while (size && (text[size] & 0xC0) == 0x80)
        size--;
    return size;
}

/* The marks of quoting that a line begins with, however they are spaced: ret_depth; returns the
 * size of what they take, with the space behind them. */
static size_t quote_marks(const char *line, size_t size, size_t *ret_depth)
{
    size_t at = 0;
    *ret_depth = 0;
    while (at < size && line[at] == '>') {
        at++;
        *ret_depth += 1;
        at += at + 1 < size && line[at] == ' ' && line[at + 1] == '>';
    }
    return at + (*ret_depth && at < size && line[at] == ' ');
}

/* One level deeper; all levels side by side (RFC 3676 4.5), and no blanks at the end but those of
 * the line above a signature, which mean something. */
static void add_quoted(struct buf *out, const char *line, size_t size)
{
    size_t depth, marks = quote_marks(line, size, &depth);
    line += marks;
    size -= marks;
    bool is_signature = size == strlen("-- ") && memcmp(line, "-- ", size) == 0;
    while (size && !is_signature && (line[size - 1] == ' ' || line[size - 1] == '\t'))
        size--;
    for (size_t i = 0; i <= depth; i++)
        buf_add_char(out, '>');
    if (size)
        buf_add_char(out, ' ');
    buf_add_bytes(out, line, size);
}

/* Line by line, whatever ends them; as much as there is room for. */
static const char *lines_of(const char *text, bool is_quoted, struct arena *arena)
{
    struct buf out = BUF(arena, QUOTE_BYTES_MAX);
    struct error none;
    while (*text && out.size < BODY_BYTES_MAX) {
        size_t size = text_line_size(text), room = BODY_BYTES_MAX - out.size;
        if (size > room)
            size = whole_characters(text, room);
        if (is_quoted)
            add_quoted(&out, text, size);
        else
            buf_add_bytes(&out, text, size);
        buf_add_char(&out, '\n');
        text += size;
        text += text[0] == '\r' && text[1] == '\n' ? 2 : *text == '\r' || *text == '\n';
    }
    if (*text)
        buf_addf(&out, "%s%s\n", is_quoted ? "> " : "", CUT);
    return out.size ? buf_text(&out, &none) : "";
}

/* --- the HTML */

/* How many bytes it takes at most when it is escaped (html_escape). */
static size_t escaped_cost(char character)
{
    return character == '\t'                 ? 16
           : strchr("&<>\"'\r\n", character) ? strlen("&quot;")
           : character == ' '                ? strlen("\u00A0")
                                             : 1;
}

/* As much of it as there is room for. */
static const char *escaped(const char *text, struct arena *arena)
{
    size_t size = 0, cost = 0, lines = 0;
    for (; text[size]; size++) {
        cost += escaped_cost(text[size]);
        lines += text[size] == '\n' || text[size] == '\r';
        if (cost > BODY_BYTES_MAX || lines > LINES_MAX)
            break;
    }
    if (!text[size])
        return html_escape(text, arena);
    text = arena_copy_bytes(arena, text, whole_characters(text, size));
    return arena_format(arena, "%s<p>%s</p>", html_escape(text, arena), CUT);
}

/* Where it is cut may be in the middle of a tag; reading it once more mends that. NULL: it cannot
 * be cut. */
static bool quote_cut_html(const char *html, struct arena *arena, const char **ret_html,
                           struct error *error)
{
    size_t size = whole_characters(html, BODY_BYTES_MAX - CLOSING_BYTES);
    const char *mended = NULL;
    *ret_html = NULL;
    if (!html_sanitize(arena_copy_bytes(arena, html, size), arena, &mended, error))
        return !quote_may_pass(error);
    if (strlen(mended) <= BODY_BYTES_MAX)
        *ret_html = arena_format(arena, "%s<p>%s</p>", mended, CUT);
    return true;
}

/* text: for one without HTML, or whose HTML cannot be shown, or in which an answer could not be
 * composed. */
static bool quote_html_of(const struct email *parent, const char *text, struct arena *arena,
                          const char **ret_html, struct error *error)
{
    const char *html = NULL;
    if (!text_is_empty(parent->body_html) &&
        !html_sanitize(parent->body_html, arena, &html, error) && quote_may_pass(error))
        return false;
    if (html && strlen(html) > BODY_BYTES_MAX && !quote_cut_html(html, arena, &html, error))
        return false;
    bool is_fit = html && html_check_quoted(html, error);
    if (html && !is_fit && quote_may_pass(error))
        return false;
    *ret_html = is_fit ? html : escaped(text, arena);
    return true;
}

static bool quote_bodies(const struct email *parent, struct arena *arena, struct quote *ret_bodies,
                         struct error *error)
{
    return quote_text_of(parent, arena, &ret_bodies->text, error) &&
           quote_html_of(parent, ret_bodies->text, arena, &ret_bodies->html, error);
}

/* --- both */

bool quote_reply(const struct email *parent, const struct manner *manner, struct arena *arena,
                 struct quote *ret_quote, struct error *error)
{
    const char *line = attribution(parent, manner, arena);
    struct quote bodies;
    if (!quote_bodies(parent, arena, &bodies, error))
        return false;
    *ret_quote = (struct quote){
        .html = arena_format(arena,
                             "<div class=\"" QUOTE_ATTRIBUTION_CLASS "\">%s</div>\n"
                             "<blockquote type=\"cite\" class=\"" QUOTE_CLASS "\">\n%s\n"
                             "</blockquote>\n",
                             html_escape(line, arena), bodies.html),
        .text = arena_format(arena, "%s\n%s", line, lines_of(bodies.text, true, arena)),
    };
    return true;
}

static void add_field(struct buf *head, const struct manner_words *words, const char *name,
                      const char *value)
{
    buf_addf(head, "%s%s%s%s\n", name, words->colon, text_starts(words->colon, "：") ? "" : " ",
             value);
}

static const char *head_of(const struct email *parent, const struct manner *manner,
                           struct arena *arena)
{
    const struct manner_words *words = manner_words(manner->language);
    struct buf head = BUF(arena, SIZE_MAX / 4);
    struct error none;
    const char *date = date_of(parent, manner, arena);
    buf_addf(&head, "%s %s %s\n", QUOTE_FORWARD_DASHES, words->forwarded, QUOTE_FORWARD_DASHES);
    add_field(&head, words, words->from,
              person(parent->from_email, parent->from_name, words, arena));
    if (date)
        add_field(&head, words, words->date, date);
    add_field(&head, words, words->subject, text_or(parent->subject, ""));
    if (parent->to_recipients.count)
        add_field(&head, words, words->to, people(&parent->to_recipients, words, arena));
    if (parent->cc_recipients.count)
        add_field(&head, words, words->cc, people(&parent->cc_recipients, words, arena));
    return buf_text(&head, &none);
}

bool quote_forward(const struct email *parent, const struct manner *manner, struct arena *arena,
                   struct quote *ret_quote, struct error *error)
{
    const char *head = head_of(parent, manner, arena);
    struct quote bodies;
    if (!quote_bodies(parent, arena, &bodies, error))
        return false;
    *ret_quote = (struct quote){
        .html = arena_format(arena, "<div class=\"" QUOTE_CLASS "\">\n%s<br>\n%s\n</div>\n",
                             html_escape(head, arena), bodies.html),
        .text = arena_format(arena, "%s\n%s", head, lines_of(bodies.text, false, arena)),
    };
    return true;
}
