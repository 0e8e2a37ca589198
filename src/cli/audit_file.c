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

static bool read_head(struct reading *reading, struct error *error)
{
    char *line = NULL;
    struct error why;
    struct audit_head *head = &reading->head;
    if (!next_line(reading->file, reading->cli->arena, &line, error))
        return false;
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

static bool read_lines(struct reading *reading, struct error *error)
{
    struct arena *held = arena_create();
    char *line = NULL;
    bool is_read = next_line(reading->file, held, &line, error);
    char *next = line;
    while (is_read && next) {
        struct arena *arena = arena_create();
        reading->line++;
        is_read = next_line(reading->file, arena, &next, error);
        if (is_read && next)
            read_event(reading, line, held);
        else if (is_read)
            read_end(reading, line, held);
        arena_destroy(held);
        held = arena;
        line = next;
    }
    arena_destroy(held);
    return is_read;
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

bool audit_file(struct cli *cli, const char *path, struct list anchors, struct list *ret_audited,
                struct error *error)
{
    bool is_input = text_equal(path, "-");
    struct reading reading = {
        .cli = cli,
        .file = is_input ? stdin : fopen(path, "re"),
        .trails = {.arena = cli->arena},
        .anchors = anchors,
    };
    if (!reading.file)
        return fail_errno(error, path);
    bool is_read = read_head(&reading, error) && read_lines(&reading, error);
    if (!is_input)
        fclose(reading.file);
    if (!is_read)
        return false;
    finish(&reading);
    struct audited *audited = arena_new(cli->arena, struct audited, 1);
    *audited = reading.audited;
    *ret_audited = (struct list){audited, 1};
    return true;
}
