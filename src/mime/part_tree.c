#include "mime/part_tree.h"

#include <stdint.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"
#include "mime/leaf.h"
#include "mime/parse.h"
#include "mime/winmail.h"

/* The walk through the parts is ours, since GMime's parser goes as deep as the message wants
 * and keeps every part; parameters, dates and encodings are left to GMime. */

enum { PART_HEADERS_MAX = 1024 * 1024 }; /* of all parts together; what is beyond has no header */

/* Of an alternative, and of what is in it. */
struct bodies {
    bool has_text, has_html;
    bool has_special; /* one that only some programs show, at special_at */
    struct part special;
    uint64_t special_at;
};

/* What is known about a part from the multiparts around it. */
struct place {
    const char *default_type;
    struct bodies *alternative; /* the innermost around it; NULL: none */
    bool is_direct;             /* in that one itself */
    bool is_first;              /* of its multipart, or alone */
    bool is_related;            /* directly in a multipart/related, whose body is its root */
    const char *root;           /* the content_id of that; or NULL: it does not say */
};

static enum piece part_tree_read_part(struct part_tree *tree, const struct head *head,
                                      struct place place);

/* Whether reading goes on with the next part of the multipart at this level. */
static bool part_tree_has_next(const struct part_tree *tree, enum piece end, size_t level)
{
    return end == PIECE_BOUNDARY && !tree->has_failed && !tree->source.is_final &&
           tree->source.hit_level == level;
}

static bool part_tree_is_at_end(const struct part_tree *tree, enum piece end, size_t level)
{
    return end == PIECE_BOUNDARY && !tree->has_failed && tree->source.is_final &&
           tree->source.hit_level == level;
}

static bool part_tree_is_blank(const struct bytes *line)
{
    const char *text = line->data;
    for (size_t i = 0; i < line->size; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
            return false;
    return true;
}

static void part_tree_keep_outside(struct part_tree *tree, uint64_t at, uint64_t end)
{
    if (tree->outside_count < PART_TREE_OUTSIDE_MAX)
        tree->outside[tree->outside_count++] = (struct outside){at, end};
}

/* Up to the next boundary. A delimiter that nobody announced, with a part behind it, is one. */
static enum piece part_tree_pass_outside(struct part_tree *tree, size_t level)
{
    struct source *source = &tree->source;
    struct bytes line;
    struct stray stray = {""};
    uint64_t start = source_tell(source), position = start, before = start;
    bool has_text = false, had_text = false; /* had: before the last line */
    enum piece piece;
    while ((piece = source_next(source, &line)) == PIECE_LINE) {
        if (stray_ends(&stray, &line)) {
            source_take_stray(source, &stray, level, position, tree->arena);
            tree->is_broken = true;
            if (had_text)
                part_tree_keep_outside(tree, start, before);
            return PIECE_BOUNDARY;
        }
        had_text = has_text;
        has_text = has_text || !part_tree_is_blank(&line);
        tree->is_broken = tree->is_broken || *stray.delimiter || source_is_part_field(&line);
        before = position;
        position = source_tell(source);
    }
    if (has_text)
        part_tree_keep_outside(tree, start, position);
    return piece;
}

/* An alternative that few programs show, where there is no other. */
static void part_tree_read_special(struct part_tree *tree, const struct bodies *bodies)
{
    struct source *source = &tree->source;
    uint64_t back = source_tell(source);
    size_t hit_level = source->hit_level;
    bool is_final = source->is_final;
    source_seek(source, bodies->special_at);
    leaf_read_body(tree, &bodies->special, &tree->html);
    source_seek(source, back);
    source->hit_level = hit_level;
    source->is_final = is_final;
}

/* The text around the parts says that this is a MIME message, and nobody reads it. Where something
 * is wrong with the delimiters it may be what is to be read, and so where there is nothing else. */
static void part_tree_read_outside(struct part_tree *tree)
{
    struct source *source = &tree->source;
    if (!tree->is_broken && tree->has_body)
        return;
    for (size_t i = 0; i < tree->outside_count && !tree->has_failed; i++) {
        source->boundary_count = 0;
        source->end_offset = tree->outside[i].end;
        source_seek(source, tree->outside[i].at);
        leaf_read_plain(tree, GMIME_CONTENT_ENCODING_DEFAULT);
    }
}

/* One after the other, up to the end of the multipart. */
static enum piece part_tree_read_next_parts(struct part_tree *tree, size_t level,
                                            struct place *inside, enum piece end)
{
    struct source *source = &tree->source;
    while (part_tree_has_next(tree, end, level) && tree->part_count < MIME_PARTS_MAX) {
        struct head head;
        size_t room = PART_HEADERS_MAX - tree->head_bytes;
        mime_head_read_part(source, room, tree->arena, &head);
        tree->head_bytes += head.size;
        mime_head_recode(&head, tree->charset, tree->arena);
        tree->is_broken = tree->is_broken || head.is_broken;
        leaf_add_text(tree, head.lost);
        end = part_tree_read_part(tree, &head, *inside);
        inside->is_first = false;
        tree->is_broken = tree->is_broken || source->aliases[level];
    }
    return end;
}

/* More parts may follow the delimiter that should have been the last. */
static enum piece part_tree_read_parts(struct part_tree *tree, const struct part *part,
                                       struct place inside)
{
    struct source *source = &tree->source;
    struct bodies *bodies = inside.is_direct ? inside.alternative : NULL;
    size_t level = source->boundary_count++, outside_count = tree->outside_count;
    uint64_t start = source_tell(source);
    source->boundaries[level] = part->boundary;
    source->aliases[level] = NULL;
    enum piece end = part_tree_pass_outside(tree, level);
    if (end != PIECE_BOUNDARY || source->hit_level != level) {
        source->boundary_count = level;
        tree->outside_count = outside_count;
        if (!source->has_failed)
            source_seek(source, start);
        return source->has_failed ? end : leaf_read_plain(tree, part->encoding);
    }
    end = part_tree_read_next_parts(tree, level, &inside, end);
    while (part_tree_is_at_end(tree, end, level)) {
        end = part_tree_pass_outside(tree, level);
        tree->is_broken = tree->is_broken || part_tree_has_next(tree, end, level);
        end = part_tree_read_next_parts(tree, level, &inside, end);
    }
    if (bodies && bodies->has_special && !bodies->has_text && !bodies->has_html)
        part_tree_read_special(tree, bodies);
    source->boundary_count = level;
    if (part_tree_has_next(tree, end, level)) {
        static const char BINARY[] = "application/octet-stream";
        return leaf_read_attachment(tree, &(struct part){.type = BINARY, .full_type = BINARY});
    }
    return end;
}

/* Bodies that nothing is an alternative to stand alone. */
static enum piece part_tree_read_multipart(struct part_tree *tree, const struct part *part,
                                           const struct place *place)
{
    struct place inside = {
        .default_type = "text/plain",
        .alternative = place->alternative,
        .is_first = true,
        .is_related = text_equal(part->type, "multipart/related"),
        .root = part->root,
    };
    struct bodies bodies = {false};
    if (text_equal(part->type, "multipart/digest"))
        inside.default_type = "message/rfc822";
    inside.is_direct = text_equal(part->type, "multipart/alternative");
    if (inside.is_direct)
        inside.alternative = &bodies;
    enum piece end = part_tree_read_parts(tree, part, inside);
    if (place->alternative) {
        place->alternative->has_text |= bodies.has_text;
        place->alternative->has_html |= bodies.has_html;
    } else {
        tree->text.stands_alone |= bodies.has_text && !bodies.has_html;
        tree->html.stands_alone |= bodies.has_html && !bodies.has_text;
    }
    return end;
}

static bool part_tree_is_listed(const char *type, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(type, list[i]))
            return true;
    return false;
}

/* Of an alternative; those who know it show it instead of the HTML. */
static bool part_tree_is_special(const struct part *part)
{
    static const char *const SPECIAL[] = {"text/x-amp-html", "text/watch-html"};
    return !part->is_attachment &&
           part_tree_is_listed(part->type, SPECIAL, sizeof SPECIAL / sizeof *SPECIAL);
}

/* Text of a kind that nobody knows is to be read as it is (RFC 2046, 4.1.4), unless it is a file
 * for some program. */
static bool part_tree_is_plain(const struct part *part, const struct place *place)
{
    static const char *const OF_PROGRAMS[] = {
        "text/calendar",   "text/x-vcalendar", "text/csv",
        "text/vcard",      "text/x-vcard",     "text/directory",
        "text/css",        "text/javascript",  "text/tab-separated-values",
        "text/xml",        "text/rtf",         "text/rfc822-headers",
        "text/x-amp-html", "text/watch-html",  "text/x-moz-deleted",
    };
    bool is_alone = place->is_first && !place->is_direct && !place->alternative;
    return text_equal(part->type, "text/plain") ||
           (text_starts(part->type, "text/") && !text_equal(part->type, "text/html") &&
            (!part->filename || is_alone) &&
            !part_tree_is_listed(part->type, OF_PROGRAMS,
                                 sizeof OF_PROGRAMS / sizeof *OF_PROGRAMS));
}

/* A text that comes first in its multipart is a body, named or not, and so is one that an
 * alternative offers; further on, a name makes it a file (RFC 8621, 4.1.4). */
static bool part_tree_may_be_body(const struct part *part, const struct place *place)
{
    bool is_root = place->is_first ||
                   (place->root && part->content_id && text_equal(place->root, part->content_id));
    return !part->is_attachment &&
           (is_root || place->is_direct || (!place->is_related && !part->filename));
}

/* Of two texts in one alternative, the first. */
static struct body *part_tree_body_for(struct part_tree *tree, const struct part *part,
                                       struct place place)
{
    bool is_text = part_tree_is_plain(part, &place);
    if ((!is_text && !text_equal(part->type, "text/html")) || !part_tree_may_be_body(part, &place))
        return NULL;
    struct body *body = is_text ? &tree->text : &tree->html;
    tree->has_body = true;
    if (place.alternative) {
        bool *has = is_text ? &place.alternative->has_text : &place.alternative->has_html;
        if (*has && place.is_direct)
            return NULL;
        *has = true;
    } else {
        body->stands_alone = true;
    }
    if (!tree->order)
        tree->order = is_text ? MIME_TEXT_FIRST : MIME_HTML_FIRST;
    return body;
}

static enum piece part_tree_read_part(struct part_tree *tree, const struct head *head,
                                      struct place place)
{
    FAULT(PARSER_PART);
    tree->part_count++;
    if (head->end == PIECE_END)
        return head->end;
    struct part part = part_read(head, place.default_type, tree->arena);
    if (head->end == PIECE_BOUNDARY)
        return head->end; /* a header and nothing else */
    report_see(&tree->report, part.type, tree->part_count == 1);
    if (text_starts(part.type, "multipart/") && tree->source.boundary_count < MIME_DEPTH_MAX)
        return part_tree_read_multipart(tree, &part, &place);
    struct body *body = part_tree_body_for(tree, &part, place);
    if (body)
        return leaf_read_body(tree, &part, body);
    if (winmail_is(&part))
        return winmail_read(tree, &part);
    if (!place.is_direct || !part_tree_is_special(&part))
        return leaf_read_attachment(tree, &part);
    place.alternative->has_special = true;
    place.alternative->special = part;
    place.alternative->special_at = source_tell(&tree->source);
    return leaf_skip(tree);
}

void part_tree_read(struct part_tree *tree, const struct head *head)
{
    tree->is_broken = head->is_broken;
    part_tree_read_part(tree, head, (struct place){.default_type = "text/plain", .is_first = true});
    winmail_open(tree);
    part_tree_read_outside(tree);
}
