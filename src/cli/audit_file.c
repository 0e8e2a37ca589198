#include "cli/audit_file.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cli/audit_format.h"
#include "cli/trail_index.h"
#include "json/json.h"

enum { PIECE = 4096, LINE_BYTES_MOST = 64 * 1024 * 1024 };

struct reading {
    struct cli *cli;
    FILE *file;
    struct audit_head head;
    struct audit_end end;
    bool has_end;
    struct event_chain chain;
    struct trail_index trails;
    struct list anchors;
    struct audited audited;
    int64_t line;
};

/* Its newline is left out. ret_line NULL: there are no more. */
static bool next_line(FILE *file, struct arena *arena, char **ret_line, struct error *error)
{
    char piece[PIECE];
    struct buf line = BUF(arena, LINE_BYTES_MOST);
    bool is_begun = false, is_ended = false;
    while (!is_ended && fgets(piece, sizeof piece, file)) {
        size_t size = strcspn(piece, "\n");
        is_ended = piece[size];
        is_begun = true;
        buf_add_bytes(&line, piece, size);
    }
    if (ferror(file))
        return fail_errno(error, "the export");
    *ret_line = NULL;
    return !is_begun || (*ret_line = buf_text(&line, error)) != NULL;
}

static bool read_as(const char *line, const struct schema *schema, struct arena *arena,
                    void *object, struct error *error)
{
    return json_read((struct bytes){line, strlen(line)}, schema, CREATE, arena, object, NULL,
                     error);
}

static bool read_head(struct reading *reading, const char *line, struct error *error)
{
    struct error why;
    struct audit_head *head = &reading->head;
    if (!line || !read_as(line, &AUDIT_HEAD, reading->cli->arena, head, &why) ||
        !text_equal(head->format, AUDIT_FORMAT) || !head->organization_id)
        return fail(error, ERROR_CONFLICT, "",
                    "its first line is not the head of an export (" AUDIT_FORMAT ")");
    reading->chain = event_chain_behind(head->after, head->previous);
    reading->audited.organization_id = head->organization_id;
    reading->audited.organization = head->organization;
    return true;
}

static void note(struct reading *reading, const struct event_record *event, const char *what)
{
    audit_finding(reading->cli, &reading->audited, event->number, event->email_id, what);
}

static void read_event(struct reading *reading, const char *line, struct arena *arena)
{
    struct event_record event = {0};
    struct error why;
    if (!read_as(line, &EVENT_RECORD_SCHEMA, arena, &event, &why) || !event.event) {
        note(reading, &event,
             arena_format(arena, "line %lld is not an event", (long long)reading->line));
        return;
    }
    event.position = reading->line; /* the order of the lines */
    if (!text_equal(event.organization_id, reading->head.organization_id))
        note(reading, &event,
             arena_format(arena, "event %lld is of another organization", (long long)event.number));
    audit_event(reading->cli, &reading->audited, &reading->chain, reading->anchors, &event, arena);
    if (!event.email_id)
        return;
    struct email_trail *trail = trail_index_find(&reading->trails, event.email_id);
    note(reading, &event, email_trail_add(trail, &event, reading->head.after, arena));
}

/* The last line: the end, or an event where it was cut off. */
static void read_end(struct reading *reading, const char *line, struct arena *arena)
{
    struct error why;
    uint64_t present = 0;
    reading->has_end = json_read((struct bytes){line, strlen(line)}, &AUDIT_END, CREATE,
                                 reading->cli->arena, &reading->end, &present, &why) &&
                       schema_has(&AUDIT_END, present, "end_number");
    if (!reading->has_end)
        read_event(reading, line, arena);
}

static void finish(struct reading *reading)
{
    struct arena *arena = reading->cli->arena;
    const struct event_chain *chain = &reading->chain;
    for (size_t i = 0; i < reading->trails.room; i++) {
        const struct trail_entry *entry = &reading->trails.entries[i];
        const struct event_record event = {.number = entry->trail.emptied,
                                           .email_id = entry->email_id};
        if (entry->email_id)
            note(reading, &event, email_trail_end(&entry->trail, arena));
    }
    if (!reading->has_end) {
        audit_finding(reading->cli, &reading->audited, 0, NULL,
                      "the export has no end: it was cut off");
        reading->end = (struct audit_end){chain->number, chain->is_chained ? chain->hash : NULL};
    }
    audit_end(reading->cli, &reading->audited, chain, reading->anchors, reading->end.end_number,
              reading->end.end_hash);
}

static struct reading reading_of(struct cli *cli, FILE *file, struct list anchors)
{
    return (struct reading){
        .cli = cli, .file = file, .trails = {.arena = cli->arena}, .anchors = anchors};
}

/* Behind the end of a trail another one may begin, with a head of its own. */
static bool begins_anew(struct reading *reading, const char *line, struct reading *ret_next)
{
    struct error why;
    struct reading next = reading_of(reading->cli, reading->file, (struct list){0});
    if (!text_starts(line, "{\"format\"") || !read_head(&next, line, &why))
        return false;
    next.line = reading->line + 1;
    *ret_next = next;
    return true;
}

static void keep(struct list *audited, const struct reading *reading)
{
    struct audited *more = arena_new(reading->cli->arena, struct audited, audited->count + 1);
    for (size_t i = 0; i < audited->count; i++)
        more[i] = ((const struct audited *)audited->items)[i];
    more[audited->count] = reading->audited;
    *audited = (struct list){more, audited->count + 1};
}

/* One line behind: the last one of a trail is its end. */
static bool read_lines(struct reading *reading, struct list *ret_audited, struct error *error)
{
    struct arena *held = arena_create();
    char *line = NULL;
    bool is_read = next_line(reading->file, held, &line, error);
    struct reading another;
    while (is_read && line) {
        struct arena *arena = arena_create();
        char *next = NULL;
        reading->line++;
        is_read = next_line(reading->file, arena, &next, error);
        if (is_read && next && begins_anew(reading, next, &another)) {
            read_end(reading, line, held);
            finish(reading);
            keep(ret_audited, reading);
            *reading = another;
            is_read = next_line(reading->file, arena, &next, error);
        } else if (is_read && next) {
            read_event(reading, line, held);
        } else if (is_read) {
            read_end(reading, line, held);
        }
        arena_destroy(held);
        held = arena;
        line = next;
    }
    arena_destroy(held);
    if (is_read) {
        finish(reading);
        keep(ret_audited, reading);
    }
    return is_read;
}

bool audit_file(struct cli *cli, const char *path, struct list anchors, struct list *ret_audited,
                struct error *error)
{
    bool is_input = text_equal(path, "-");
    FILE *file = is_input ? stdin : fopen(path, "re");
    struct reading reading = reading_of(cli, file, anchors);
    char *head = NULL;
    if (!file)
        return fail_errno(error, path);
    *ret_audited = (struct list){0};
    bool is_read = next_line(file, cli->arena, &head, error) && read_head(&reading, head, error) &&
                   read_lines(&reading, ret_audited, error);
    if (!is_input)
        fclose(file);
    return is_read;
}
