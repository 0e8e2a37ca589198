#include "http/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "case.h"

static const char TYPE[] = "multipart/form-data; boundary=bound";

#define DISPOSITION "Content-Disposition: form-data; name="
#define PART(name) "--bound\r\n" DISPOSITION name "\r\n\r\n"
#define END "\r\n--bound--\r\n"

/* What a sink was told: `name|filename|type{content}` for each part. */
struct record {
    struct buf told;
    bool is_in_part;
    enum { NEVER, AT_BEGIN, AT_WRITE, AT_END } refuses;
    bool has_refused;
};

static bool refuse(struct record *record, struct error *error)
{
    record->has_refused = true;
    return fail(error, ERROR_FULL, "sink", "no room");
}

static bool record_begin(void *context, const struct form_part *part, struct error *error)
{
    struct record *record = context;
    assert_false(record->is_in_part || record->has_refused);
    record->is_in_part = true;
    buf_addf(&record->told, "%s|%s|%s{", part->name, text_or(part->filename, "-"),
             text_or(part->content_type, "-"));
    return record->refuses != AT_BEGIN || refuse(record, error);
}

static bool record_write(void *context, const void *data, size_t size, struct error *error)
{
    struct record *record = context;
    assert_true(record->is_in_part && !record->has_refused && size);
    buf_add_bytes(&record->told, data, size);
    return record->refuses != AT_WRITE || refuse(record, error);
}

static bool record_end(void *context, struct error *error)
{
    struct record *record = context;
    assert_true(record->is_in_part && !record->has_refused);
    record->is_in_part = false;
    buf_add_char(&record->told, '}');
    return record->refuses != AT_END || refuse(record, error);
}

/* 0: all at once; 1: byte by byte; more: pieces of a random size below. */
static bool feed(struct form *form, const char *body, size_t size, size_t most, struct error *error)
{
    for (size_t piece; size; body += piece, size -= piece) {
        piece = most == 0 ? size : most == 1 ? 1 : (size_t)rand() % most;
        piece = piece < size ? piece : size;
        if (!form_feed(form, body, piece, error))
            return false;
    }
    return true;
}

/* Of what fails: `!` and the message, without what the sink was told, which depends on the
 * pieces. */
static const char *formed(const char *type, const char *body, size_t size, size_t most,
                          struct arena *arena)
{
    struct record record = {.told = BUF(arena, 10000000)};
    struct form_sink sink = {&record, record_begin, record_write, record_end};
    struct error error = {0};
    struct form *form = form_create(type, &sink, arena, &error);
    assert_non_null(form);
    if (feed(form, body, size, most, &error) && form_finish(form, &error)) {
        assert_false(record.is_in_part);
        return buf_text(&record.told, &error);
    }
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.field, "");
    return arena_format(arena, "!%s", error.message);
}

static void assert_formed(const char *type, const char *body, size_t size, const char *expected)
{
    static const size_t PIECES[] = {0, 1, 2, 3, 7, 7, 20, 20, 50};
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        print_message("# in pieces of %zu\n", PIECES[i]);
        assert_string_equal(formed(type, body, size, PIECES[i], arena), expected);
    }
}

static void forms_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *body, *told;
    } ROWS[] = {
        {PART("f") "hello" END, "f|-|-{hello}"},
        {PART("f") "hello\r\n--bound--", "f|-|-{hello}"},
        {PART("f") "hello\r\n--bound--\r", "f|-|-{hello}"},
        {PART("f") "hello\r\n--bound-- \t", "f|-|-{hello}"},
        {PART("f") "hello\r\n--bound-- \t\r\n", "f|-|-{hello}"},
        {PART("f") "a\r\n" PART("g; filename=x") "b" END, "f|-|-{a}g|x|-{b}"},
        {"--bound \t\r\n" DISPOSITION "f\r\nContent-Type: text/plain\r\n\r\na" END,
         "f|-|text/plain{a}"},
        {"--bound--\r\n", ""},
        {"--bound--", ""},
        /* nothing in it, with the line break of its own and without */
        {PART("f") END, "f|-|-{}"},
        {PART("f") "--bound--\r\n", "f|-|-{}"},
        {PART("f") PART("g") PART("h") END, "f|-|-{}g|-|-{}h|-|-{}"},
        {PART("f") "\r\n" END, "f|-|-{\r\n}"},
        {PART("f") "\r\n\r\n" PART("g") END, "f|-|-{\r\n}g|-|-{}"},
        /* before and after */
        {"to old programs\r\n\r\n" PART("f") "a" END, "f|-|-{a}"},
        {"\r\n" PART("f") "a" END, "f|-|-{a}"},
        {"\r\n--boun\r\n\n--bound\r\n\r\n" PART("f") "a" END, "f|-|-{a}"},
        {PART("f") "a" END "\r\n" PART("g") "b" END, "f|-|-{a}"},
        {PART("f") "a" END "\n--bound\n", "f|-|-{a}"},
        /* content that looks like a boundary */
        {PART("f") "\r\n--boun\r\n--bounded\r\n--bound-\r\n--bound-x\r\n--bound--x" END,
         "f|-|-{\r\n--boun\r\n--bounded\r\n--bound-\r\n--bound-x\r\n--bound--x}"},
        {PART("f") "\r\n--bound\rx\r\n--bound\r\r\n--bound x" END,
         "f|-|-{\r\n--bound\rx\r\n--bound\r\r\n--bound x}"},
        {PART("f") "\r\n--bound  -- \r\n--bound -" END, "f|-|-{\r\n--bound  -- \r\n--bound -}"},
        {PART("f") "--bounds\r\n --bound\r\n" END, "f|-|-{--bounds\r\n --bound\r\n}"},
        {PART("f") "x--bound\r\n\n--bound\r\n\r--bound\r\n" END,
         "f|-|-{x--bound\r\n\n--bound\r\n\r--bound\r\n}"},
        {PART("f") "-" END, "f|-|-{-}"},
        {PART("f") "--" END, "f|-|-{--}"},
        {PART("f") "\r" END, "f|-|-{\r}"},
        {PART("f") "\n" END, "f|-|-{\n}"},
        {PART("f") "\r\r\r" END, "f|-|-{\r\r\r}"},
        {PART("f") "\r\n-\r\n--\r" END, "f|-|-{\r\n-\r\n--\r}"},
        {PART("f") "a\r\r\n--\r\n--b" END, "f|-|-{a\r\r\n--\r\n--b}"},
        /* what is broken */
        {"", "!the form ends before part 1, with no closing boundary"},
        {"hello", "!the form ends before part 1, with no closing boundary"},
        {"--bound", "!the form ends before part 1, with no closing boundary"},
        {"--bound\r\n", "!the form ends in part 1, with no closing boundary"},
        {"--bound--x", "!the form ends before part 1, with no closing boundary"},
        {PART("f") "a\r\n--bound", "!the form ends in part 1, with no closing boundary"},
        {PART("f") "a\r\n--bound--x", "!the form ends in part 1, with no closing boundary"},
        {PART("f") "a\n--bound--\n", "!the form ends in part 1, with no closing boundary"},
        {PART("f") "a\r\n--other--\r\n", "!the form ends in part 1, with no closing boundary"},
        {PART("f") "a\r\n" PART("g"), "!the form ends in part 2, with no closing boundary"},
        {"--bound\n" DISPOSITION "f\n\na\n--bound--\n",
         "!the boundary before part 1 ends with a bare LF instead of CR LF"},
        {PART("f") "a\r\n--bound--\n",
         "!the boundary after part 1 ends with a bare LF instead of CR LF"},
        {"--bound\r\n" DISPOSITION "f\n\r\na" END,
         "!part 1 has a header line that ends with a bare LF instead of CR LF"},
        {"--bound\r\n" DISPOSITION "f\r\n\na" END,
         "!part 1 has a header line that ends with a bare LF instead of CR LF"},
        {"--bound\r\n" DISPOSITION "f\r\n--bound--\r\n\r\n",
         "!part 1 has a header line without a colon"},
        {PART("f") "a\r\n--bound\r\n\r\nb" END, "!part 2 has no Content-Disposition"},
        {PART("f") "a\r\n" PART("\"") "b" END,
         "!part 2 has a Content-Disposition that cannot be read"},
    };
    srand(7);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        print_message("# row %zu\n", i);
        assert_formed(TYPE, ROWS[i].body, strlen(ROWS[i].body), ROWS[i].told);
    }
}

/* Bodies that programs really sent, each behind a line with its Content-Type. */
static struct bytes read_body(const char *name, struct arena *arena)
{
    enum { MOST = 16 * 1024 };
    char *data = arena_alloc(arena, MOST);
    const char *path = arena_format(arena, "%s/%s", getenv("OUTTRAY_FORMS"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct bytes bytes = {data, fread(data, 1, MOST, file)};
    assert_in_range(bytes.size, 1, MOST - 1);
    fclose(file);
    return bytes;
}

static void real_bodies_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *told;
    } ROWS[] = {
        {"curl_file_and_field",
         "case_id|-|-{case-7}file|letter.txt|text/plain{Dear Sir,\r\nattached.\r\n}"},
        {"curl_files", "files|Grüße an alle.txt|text/plain{Grüße\n}"
                       "files|a \"quoted\" name.txt|text/plain{x}"
                       "files|empty.bin|application/octet-stream{}"
                       "files|100%25.pdf|application/pdf{%PDF-1.4\n\r\r\n--\r\n-}"},
        {"curl_form_escape", "files|a \"quoted\" name.txt|text/plain{x}"
                             "files|back_slash.txt|text/plain{b\\s}"},
        {"curl_odd", "files|letter.txt|text/plain; charset=utf-8{Dear Sir,\r\nattached.\r\n}"
                     "note|-|-{Dear Sir,\r\nattached.\r\n}"},
        {"curl_base64",
         "!part 1 has a Content-Transfer-Encoding, which forms do not have (RFC 7578, 4.7)"},
        {"curl_nested",
         "!part 1 has parts of its own; send each file as a part of the form (RFC 7578, 4.3)"},
        {"node_fetch", "case_id|-|-{Fall Ü\r\nline two}"
                       "files|Grüße \"an\" alle.txt|text/plain{Grüße\r\n}"
                       "files|-|application/octet-stream{}"
                       "files|日本.PDF|application/pdf{\r\n--\r}"},
        {"requests_files", "case_id|-|-{Fall Ü}files|Grüße.txt|text/plain{Grüße\n}"
                           "files|a\"b_c.txt|-{\r\n--almost\r\n}"
                           "files|leer.bin|application/octet-stream{}"},
        {"urllib3_2_files", "!part 5 has a name in Content-Disposition that is not UTF-8 without "
                            "control characters"},
        {"urllib3_rfc2231", "file|Grüße an alle.txt|text/plain{x}case_id|-|-{1}"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct bytes bytes = read_body(ROWS[i].name, arena);
        const char *body = memchr(bytes.data, '\n', bytes.size);
        size_t type_size = (size_t)(body - (const char *)bytes.data);
        print_message("# %s\n", ROWS[i].name);
        assert_formed(arena_copy_bytes(arena, bytes.data, type_size), body + 1,
                      bytes.size - type_size - 1, ROWS[i].told);
    }
}

/* Every byte that there is. */
static void binary_files_are_read(void **state)
{
    (void)state;
    static const char before[] = "case_id|-|-{c1}file|report.pdf|application/pdf{";
    for (size_t most = 0; most < 20; most++) {
        AUTO_ARENA arena = arena_create();
        struct bytes bytes = read_body("requests_file", arena);
        const char *body = (char *)memchr(bytes.data, '\n', bytes.size) + 1;
        size_t type_size = (size_t)(body - 1 - (const char *)bytes.data);
        const char *type = arena_copy_bytes(arena, bytes.data, type_size);
        const char *told = formed(type, body, bytes.size - type_size - 1, most, arena);
        assert_memory_equal(told, before, sizeof before - 1);
        told += sizeof before - 1;
        for (int i = 0; i < 256; i++)
            assert_int_equal((unsigned char)told[i], i);
        assert_string_equal(told + 256, "}");
    }
}

/* A Content-Type of which form_boundary_test knows more. */
static void other_bodies_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        enum error_code code;
    } ROWS[] = {
        {NULL, ERROR_UNSUPPORTED},
        {"application/json", ERROR_UNSUPPORTED},
        {"multipart/form-data", ERROR_INVALID},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct record record = {0};
        struct error error = {0};
        struct form_sink sink = {&record, record_begin, record_write, record_end};
        assert_null(form_create(ROWS[i].type, &sink, arena, &error));
        assert_int_equal(error.code, ROWS[i].code);
    }
}

/* Wherever it is cut off before its end is clear, it is not a form. */
static void truncated_forms_fail(void **state)
{
    (void)state;
    static const char body[] = "before\r\n" PART("f") "a\r\n--boun\r\n" PART(
        "g; filename=\"x\"") "b\r\nc" END;
    size_t whole = strlen(body) - strlen("\r\n");
    for (size_t size = 0; size <= strlen(body); size++)
        for (size_t most = 0; most < 3; most++) {
            AUTO_ARENA arena = arena_create();
            char *cut = arena_copy_bytes(arena, body, size);
            const char *told = formed(TYPE, cut, size, most, arena);
            if (size >= whole)
                assert_string_equal(told, "f|-|-{a\r\n--boun}g|x|-{b\r\nc}");
            else
                assert_true(text_starts(told, "!the form ends "));
        }
}

static void parts_are_limited(void **state)
{
    (void)state;
    for (size_t count = 64; count <= 65; count++) {
        AUTO_ARENA arena = arena_create();
        struct buf body = BUF(arena, 100000), told = BUF(arena, 100000);
        struct error error;
        for (size_t i = 0; i < count; i++) {
            buf_add(&body, PART("f") "\r\n");
            buf_add(&told, "f|-|-{}");
        }
        buf_add(&body, "--bound--\r\n");
        assert_formed(TYPE, body.data, body.size,
                      count == 64 ? buf_text(&told, &error) : "!the form has more than 64 parts");
    }
}

/* 8 KiB, with the empty line at its end. */
static void headers_are_limited(void **state)
{
    (void)state;
    enum { LIMIT = 8 * 1024 };
    for (size_t over = 0; over < 2; over++)
        for (size_t lines = 1; lines < 3; lines++) {
            AUTO_ARENA arena = arena_create();
            const char *head = lines == 1 ? DISPOSITION "f; x=" : "X: y\r\n" DISPOSITION "f; x=";
            size_t size = LIMIT + over - strlen(head) - strlen("\r\n\r\n");
            char *long_text = arena_alloc(arena, size + 1);
            memset(long_text, 'x', size);
            const char *body = arena_format(arena, "--bound\r\n%s%s\r\n\r\na" END, head, long_text);
            assert_formed(TYPE, body, strlen(body),
                          over ? "!part 1 has a header of more than 8192 bytes" : "f|-|-{a}");
        }
    AUTO_ARENA arena = arena_create();
    char *endless = arena_alloc(arena, 3 * LIMIT);
    memset(endless, 'x', 3 * LIMIT - 1);
    const char *body = arena_format(arena, "--bound\r\n%s", endless);
    assert_formed(TYPE, body, strlen(body), "!part 1 has a header of more than 8192 bytes");
}

static void preambles_are_limited(void **state)
{
    (void)state;
    enum { LIMIT = 8 * 1024 };
    for (size_t over = 0; over < 2; over++) {
        AUTO_ARENA arena = arena_create();
        char *preamble = arena_alloc(arena, LIMIT + 2);
        memset(preamble, 'x', LIMIT + over);
        const char *body = arena_format(arena, "%s\r\n" PART("f") "a" END, preamble);
        assert_formed(TYPE, body, strlen(body),
                      over ? "!the form has no boundary in its first 8192 bytes" : "f|-|-{a}");
    }
}

/* The sink is left alone after it has refused, and the failure stays the same. */
static void a_sink_may_refuse(void **state)
{
    (void)state;
    static const char body[] = PART("f") "a\r\n" PART("g") "b" END;
    for (int when = AT_BEGIN; when <= AT_END; when++)
        for (size_t most = 0; most < 3; most++) {
            AUTO_ARENA arena = arena_create();
            struct record record = {.told = BUF(arena, 1000), .refuses = when};
            struct form_sink sink = {&record, record_begin, record_write, record_end};
            struct error error = {0};
            struct form *form = form_create(TYPE, &sink, arena, &error);
            assert_false(feed(form, body, sizeof body - 1, most, &error));
            assert_int_equal(error.code, ERROR_FULL);
            error = (struct error){0};
            assert_false(form_feed(form, body, sizeof body - 1, &error));
            assert_string_equal(error.message, "no room");
            error = (struct error){0};
            assert_false(form_feed(form, NULL, 0, &error));
            assert_false(form_finish(form, &error));
            assert_string_equal(error.field, "sink");
        }
}

/* The end of a part that only form_finish sees. */
static void a_sink_may_refuse_at_the_finish(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct record record = {.told = BUF(arena, 1000), .refuses = AT_END};
    struct form_sink sink = {&record, record_begin, record_write, record_end};
    struct error error = {0};
    struct form *form = form_create(TYPE, &sink, arena, &error);
    static const char body[] = PART("f") "a\r\n--bound--";
    assert_true(form_feed(form, body, sizeof body - 1, &error));
    for (int i = 0; i < 2; i++) {
        error = (struct error){0};
        assert_false(form_finish(form, &error));
        assert_string_equal(error.message, "no room");
    }
}

static void a_failure_stays(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct record record = {.told = BUF(arena, 1000)};
    struct form_sink sink = {&record, record_begin, record_write, record_end};
    struct error error = {0};
    struct form *form = form_create(TYPE, &sink, arena, &error);
    static const char start[] = PART("f") "a", broken[] = "\r\n--bound\n", rest[] = "b" END;
    assert_true(form_feed(form, start, sizeof start - 1, &error));
    assert_false(form_feed(form, broken, sizeof broken - 1, &error));
    error = (struct error){0};
    assert_false(form_feed(form, rest, sizeof rest - 1, &error));
    assert_false(form_finish(form, &error));
    assert_string_equal(error.message,
                        "the boundary after part 1 ends with a bare LF instead of CR LF");
    assert_string_equal(buf_text(&record.told, &error), "f|-|-{a");
}

/* Random bytes, of those that boundaries are made of more than of others: what is found again is
 * what was put in. */
static void random_contents_are_whole(void **state)
{
    (void)state;
    static const char LETTERS[] = "\r\r\n\n--boundx \t";
    srand(8);
    for (size_t round = 0; round < 2000; round++) {
        AUTO_ARENA arena = arena_create();
        char content[60];
        size_t size = (size_t)rand() % sizeof content;
        for (size_t i = 0; i < size; i++)
            content[i] = LETTERS[(size_t)rand() % (sizeof LETTERS - 1)];
        for (size_t at; size && rand() % 2 && (at = (size_t)rand() % size) + 8 < size;)
            memcpy(content + at, "\r\n--bound", 9 < size - at ? 9 : size - at);
        const char *text = arena_copy_bytes(arena, content, size);
        const char *whole = arena_format(arena, "\r\n%s\r\n", text);
        if (strstr(whole, "\r\n--bound\r\n") || strstr(whole, "\r\n--bound--") ||
            strstr(whole, "\r\n--bound\n") || strstr(whole, "\r\n--bound ") ||
            strstr(whole, "\r\n--bound\t"))
            continue;
        const char *body = arena_format(arena, PART("f") "%s" END, text);
        for (size_t most = 0; most < 12; most += 1 + most / 2)
            assert_string_equal(formed(TYPE, body, strlen(body), most, arena),
                                arena_format(arena, "f|-|-{%s}", text));
    }
}

struct counter {
    uint64_t size, writes, sum;
    const char *start, *end; /* of the piece that is being fed */
    uint64_t copied;
};

static bool count_begin(void *context, const struct form_part *part, struct error *error)
{
    (void)context, (void)part, (void)error;
    return true;
}

static bool count_write(void *context, const void *data, size_t size, struct error *error)
{
    struct counter *counter = context;
    const char *start = data;
    (void)error;
    counter->size += size;
    counter->writes++;
    if (start < counter->start || start >= counter->end)
        counter->copied += size;
    for (size_t i = 0; i < size; i += 4096)
        counter->sum += (unsigned char)start[i];
    return true;
}

static bool count_end(void *context, struct error *error)
{
    (void)context, (void)error;
    return true;
}

static long resident_pages(void)
{
    long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &all, &resident), 2); /* NOLINT(cert-err34-c) */
    fclose(file);
    return resident;
}

static void feed_counted(struct form *form, struct counter *counter, const char *data, size_t size)
{
    struct error error;
    counter->start = data;
    counter->end = data + size;
    assert_true(form_feed(form, data, size, &error));
}

/* 64 MiB through the memory of a piece, and all but a trace of it passed on as it came. */
static void huge_parts_need_no_memory(void **state)
{
    (void)state;
    enum { PIECE = 64 * 1024, PIECES = 1024, MOST_GROWTH = 4 * 1024 * 1024 };
    AUTO_ARENA arena = arena_create();
    struct counter counter = {0};
    struct error error = {0};
    struct form_sink sink = {&counter, count_begin, count_write, count_end};
    struct form *form = form_create(TYPE, &sink, arena, &error);
    char *piece = arena_alloc(arena, PIECE);
    srand(9);
    for (size_t i = 0; i < PIECE; i++)
        piece[i] = (char)rand();
    long before = resident_pages();
    feed_counted(form, &counter, PART("f"), strlen(PART("f")));
    for (size_t i = 0; i < PIECES; i++) {
        piece[PIECE - 1] = i % 2 ? '\r' : 'x'; /* held now and then */
        feed_counted(form, &counter, piece, PIECE);
    }
    feed_counted(form, &counter, END, strlen(END));
    assert_true(form_finish(form, &error));
    assert_int_equal(counter.size, (uint64_t)PIECE * PIECES);
    assert_in_range(counter.writes, PIECES, 2 * PIECES);
    assert_in_range(counter.copied, 1, PIECES);
    assert_true((resident_pages() - before) * sysconf(_SC_PAGESIZE) < MOST_GROWTH);
}

/* What looks like a boundary again and again is not passed on in crumbs. */
static void look_alikes_stay_whole(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct counter counter = {0};
    struct error error = {0};
    struct form_sink sink = {&counter, count_begin, count_write, count_end};
    struct form *form = form_create("multipart/form-data; boundary=b", &sink, arena, &error);
    struct buf body = BUF(arena, 100000);
    buf_add(&body, "--b\r\n" DISPOSITION "f\r\n\r\n");
    for (size_t i = 0; i < 10000; i++)
        buf_add(&body, "\r\n--bx");
    buf_add(&body, "\r\n--b--");
    feed_counted(form, &counter, body.data, body.size);
    assert_true(form_finish(form, &error));
    assert_int_equal(counter.size, 60000);
    assert_in_range(counter.writes, 1, 3);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(forms_are_read),
        cmocka_unit_test(real_bodies_are_read),
        cmocka_unit_test(binary_files_are_read),
        cmocka_unit_test(other_bodies_are_refused),
        cmocka_unit_test(truncated_forms_fail),
        cmocka_unit_test(parts_are_limited),
        cmocka_unit_test(headers_are_limited),
        cmocka_unit_test(preambles_are_limited),
        cmocka_unit_test(a_sink_may_refuse),
        cmocka_unit_test(a_sink_may_refuse_at_the_finish),
        cmocka_unit_test(a_failure_stays),
        cmocka_unit_test(random_contents_are_whole),
        cmocka_unit_test(huge_parts_need_no_memory),
        cmocka_unit_test(look_alikes_stay_whole),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
