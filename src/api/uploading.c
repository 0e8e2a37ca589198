#include "api/uploading.h"

#include <assert.h>
#include <string.h>

#include "api/quotas.h"
#include "base/text.h"
#include "http/form.h"

enum {
    FORM_ROOM_BYTES = 1024 * 1024, /* for what is not files: headers, boundaries, fields */
    FILENAME_BYTES = 255,
};
static const char UNKNOWN_TYPE[] = "application/octet-stream";

struct part {
    const struct field *field;
    const char *filename, *content_type; /* of a file */
    struct blob_writer *writer;          /* of a file, from its first byte until it is kept */
    uint64_t size;
    char *text; /* of a field, with room for as much as the table says */
};

struct upload {
    struct form *form;
    struct part *parts;
    size_t count, room;
};

static bool refuse_text(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)text, (void)arena, (void)member;
    return fail(error, ERROR_INVALID, "", "must be a file: a part of the form with a filename");
}

static const struct field NO_FIELDS_OF_A_FILE[] = {{0}};
const struct schema FORM_FILE_SCHEMA = SCHEMA(struct form_file, NO_FIELDS_OF_A_FILE);
const struct spelling FORM_FILE = {.what = "a file", .format = "binary", .read = refuse_text};

static bool is_file(const struct field *field)
{
    return field->spelling == &FORM_FILE;
}

static size_t most_files(const struct schema *form)
{
    size_t most = 0;
    for (const struct field *field = form->fields; field->name; field++)
        if (is_file(field) && field->max > most)
            most = field->max;
    return most;
}

static const struct field *find_field(const struct schema *form, const char *key)
{
    const struct field *field = form->fields;
    while (field->name && !text_equal(field_key(field), key))
        field++;
    return field->name ? field : NULL;
}

static bool was_there(const struct upload *upload, const struct field *field)
{
    for (size_t i = 0; i < upload->count; i++)
        if (upload->parts[i].field == field)
            return true;
    return false;
}

static bool check_file(const struct form_part *given, struct error *error)
{
    if (!given->filename) {
        refuse_text(NULL, NULL, NULL, error);
        const struct error why = *error;
        return fail(error, why.code, given->name, "%s", why.message);
    }
    return strlen(given->filename) <= FILENAME_BYTES ||
           fail(error, ERROR_INVALID, given->name, "has a name of more than %d bytes",
                FILENAME_BYTES);
}

static bool check_text(const struct upload *upload, const struct field *field,
                       const struct form_part *given, struct error *error)
{
    if (given->filename)
        return fail(error, ERROR_INVALID, given->name, "must be text, not a file");
    return !was_there(upload, field) ||
           fail(error, ERROR_INVALID, given->name, "is there more than once");
}

static bool check_part(const struct upload *upload, const struct field *field,
                       const struct form_part *given, struct error *error)
{
    if (!field)
        return fail(error, ERROR_INVALID, given->name, "is not a known field");
    return is_file(field) ? check_file(given, error) : check_text(upload, field, given, error);
}

static bool begin(void *context, const struct form_part *given, struct error *error)
{
    struct request *request = context;
    struct upload *upload = request->upload;
    const struct field *field = find_field(request->route->reads, given->name);
    if (!check_part(upload, field, given, error))
        return false;
    assert(upload->count < upload->room);
    struct part *part = &upload->parts[upload->count++];
    *part = (struct part){.field = field};
    if (is_file(field)) {
        part->filename = arena_copy(request->arena, given->filename);
        part->content_type = arena_copy(request->arena, text_or(given->content_type, UNKNOWN_TYPE));
    } else {
        part->text = arena_alloc(request->arena, field->max + 1);
    }
    return true;
}

static size_t count_files(const struct upload *upload)
{
    size_t count = 0;
    for (size_t i = 0; i < upload->count; i++)
        count += upload->parts[i].writer != NULL;
    return count;
}

static bool begin_file(struct request *request, struct part *part, struct error *error)
{
    const char *key = field_key(part->field);
    size_t most = part->field->max;
    if (count_files(request->upload) == most)
        return most == 1 ? fail(error, ERROR_INVALID, key, "must be one file")
                         : fail(error, ERROR_TOO_LARGE, key,
                                "at most %zu files can be uploaded at once", most);
    part->writer = blob_begin(request->api->blobs, error);
    return part->writer;
}

static bool write_file(struct request *request, struct part *part, const void *data, size_t size,
                       struct error *error)
{
    uint64_t most = request->api->settings.upload_bytes;
    if (!part->writer && !begin_file(request, part, error))
        return false;
    part->size += size;
    if (part->size > most)
        return fail(error, ERROR_TOO_LARGE, field_key(part->field),
                    "a file may have %llu bytes on this server", (unsigned long long)most);
    request->room_left -= (int64_t)size;
    return (request->room_left >= 0 || quotas_refuse(request, (int64_t)part->size, error)) &&
           blob_write(part->writer, data, size, error);
}

static bool write(void *context, const void *data, size_t size, struct error *error)
{
    struct request *request = context;
    struct part *part = &request->upload->parts[request->upload->count - 1];
    if (is_file(part->field))
        return write_file(request, part, data, size, error);
    if (size > part->field->max - part->size)
        return fail(error, ERROR_INVALID, field_key(part->field), "must be at most %zu bytes",
                    part->field->max);
    memcpy(part->text + part->size, data, size);
    part->size += size;
    return true;
}

/* A browser sends a file without name and content where none was chosen. */
static bool end(void *context, struct error *error)
{
    struct request *request = context;
    struct upload *upload = request->upload;
    struct part *part = &upload->parts[upload->count - 1];
    if (!is_file(part->field) || part->writer)
        return true;
    if (*part->filename)
        return begin_file(request, part, error);
    upload->count--;
    return true;
}

static bool feed(void *context, const void *data, size_t size, struct error *error)
{
    struct request *request = context;
    if (form_feed(request->upload->form, data, size, error))
        return true;
    uploading_close(request); /* at once: the client may take his time over the rest */
    return false;
}

static bool check_length(const struct request *request, uint64_t limit, size_t files,
                         struct error *error)
{
    int64_t length = http_content_length(request->exchange);
    return length <= 0 || (uint64_t)length <= limit ||
           fail(error, ERROR_TOO_LARGE, "",
                "at most %zu file%s of at most %llu bytes can be uploaded at once", files,
                files == 1 ? "" : "s", (unsigned long long)request->api->settings.upload_bytes);
}

bool uploading_open(struct request *request, struct error *error)
{
    const struct schema *view = request->route->reads;
    const struct form_sink sink = {request, begin, write, end};
    size_t files = most_files(view);
    uint64_t limit = files * request->api->settings.upload_bytes + FORM_ROOM_BYTES;
    const char *type = http_header(request->exchange, "Content-Type");
    struct form *form = check_length(request, limit, files, error)
                            ? form_create(type, &sink, request->arena, error)
                            : NULL;
    if (!form)
        return false;
    struct upload *upload = arena_new(request->arena, struct upload, 1);
    upload->form = form;
    upload->room = files + schema_count(view) + 1; /* and one that turns out to be none */
    upload->parts = arena_new(request->arena, struct part, upload->room);
    request->upload = upload;
    http_limit_body(request->exchange, limit);
    http_divert(request->exchange, &(struct http_sink){request, feed});
    return true;
}

bool uploading_finish(struct request *request, struct error *error)
{
    if (!request->upload || form_finish(request->upload->form, error))
        return true;
    uploading_close(request);
    return false;
}

static void add(struct sha256 *sha, const char *text)
{
    sha256_add(sha, text, strlen(text) + 1);
}

void uploading_fingerprint(struct request *request, struct sha256 *sha)
{
    const struct upload *upload = request->upload;
    for (size_t i = 0; upload && i < upload->count; i++) {
        const struct part *part = &upload->parts[i];
        add(sha, field_key(part->field));
        if (!part->writer) {
            sha256_add(sha, part->text, part->size + 1);
            continue;
        }
        add(sha, part->filename);
        add(sha, part->content_type);
        add(sha, blob_sha256(part->writer, request->arena));
    }
}

static bool read_text(struct request *request, const struct part *part, void *member,
                      struct error *error)
{
    const char *text = part->text, *key = field_key(part->field);
    const struct spelling *spelling = part->field->spelling;
    if (memchr(text, '\0', part->size) || !text_is_utf8(text, part->size))
        return fail(error, ERROR_INVALID, key, "must be UTF-8 without NUL");
    if (!part->size)
        return true;
    *(const char **)member = text;
    if (!spelling || spelling->read(text, request->arena, member, error))
        return true;
    const struct error why = *error;
    return fail(error, why.code, key, "%s", why.message);
}

static bool read_texts(struct request *request, void *object, struct error *error)
{
    const struct upload *upload = request->upload;
    for (size_t i = 0; i < upload->count; i++) {
        const struct part *part = &upload->parts[i];
        if (!is_file(part->field) &&
            !read_text(request, part, (char *)object + part->field->offset, error))
            return false;
    }
    return true;
}

static bool check_required(const struct request *request, struct error *error)
{
    const struct field *field = request->route->reads->fields;
    while (field->name && !(is_file(field) && field->use & REQUIRED))
        field++;
    return !field->name || count_files(request->upload) ||
           fail(error, ERROR_INVALID, field_key(field), "is required");
}

static bool keep_file(struct request *request, struct part *part, struct form_file *ret_file,
                      struct error *error)
{
    struct blob_writer *writer = part->writer;
    part->writer = NULL;
    *ret_file = (struct form_file){
        .filename = *part->filename ? part->filename : NULL,
        .content_type = part->content_type,
        .size_bytes = (int64_t)part->size,
    };
    return blob_finish(writer, request->arena, &ret_file->sha256, error);
}

/* Before any of it is kept on the disk. */
static bool check_quota(struct request *request, struct error *error)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < request->upload->count; i++)
        if (request->upload->parts[i].writer)
            bytes += (int64_t)request->upload->parts[i].size;
    return quotas_check(request, bytes, error);
}

bool uploading_read(struct request *request, void *object, struct error *error)
{
    struct upload *upload = request->upload;
    if (!read_texts(request, object, error) || !check_required(request, error) ||
        !check_quota(request, error))
        return false;
    struct form_file *files = arena_new(request->arena, struct form_file, upload->count);
    size_t count = 0;
    for (size_t i = 0; i < upload->count; i++) {
        struct part *part = &upload->parts[i];
        if (!part->writer)
            continue;
        if (!keep_file(request, part, &files[count], error))
            return false;
        *(struct list *)((char *)object + part->field->offset) = (struct list){files, ++count};
    }
    return true;
}

void uploading_close(struct request *request)
{
    struct upload *upload = request->upload;
    for (size_t i = 0; upload && i < upload->count; i++) {
        blob_abandon(upload->parts[i].writer);
        upload->parts[i].writer = NULL;
    }
}
