#include "assistant/completion.h"

#include <string.h>

#include "base/text.h"
#include "model/email.h"
#include "json/json.h"

enum { SUBJECT_BYTES = 998 };

/* These are read as what is STORED is: by name, and what they do not know is passed over. */
struct choice {
    const char *content;
};
static const struct field MESSAGE_FIELDS[] = {
    FIELD(struct choice, content, .use = STORED),
    {0},
};
static const struct schema MESSAGE = SCHEMA(struct choice, MESSAGE_FIELDS);
static const struct field CHOICE_FIELDS[] = {
    OBJECT_FIELD("message", 0, &MESSAGE, .use = STORED),
    {0},
};
static const struct schema CHOICE = SCHEMA(struct choice, CHOICE_FIELDS);

struct answer {
    struct list choices; /* of struct choice */
};
static const struct field ANSWER_FIELDS[] = {
    FIELD(struct answer, choices, .use = STORED, .items = &CHOICE),
    {0},
};
static const struct schema ANSWER = SCHEMA(struct answer, ANSWER_FIELDS);

static const struct field LETTER_FIELDS[] = {
    FIELD(struct assistant_letter, subject, .use = STORED),
    FIELD(struct assistant_letter, body_text, .use = STORED),
    FIELD(struct assistant_letter, body_html, .use = STORED),
    {0},
};
static const struct schema LETTER = SCHEMA(struct assistant_letter, LETTER_FIELDS);

static bool refuse(struct error *error, const char *what)
{
    return fail(error, ERROR_UNAVAILABLE, "", "the language model's answer %s", what);
}

/* Some put a frame of words or of backquotes around their JSON. */
static struct bytes object_in(const char *content)
{
    const char *start = strchr(content, '{'), *end = strrchr(content, '}');
    if (!start || !end || end < start)
        return (struct bytes){"", 0};
    return (struct bytes){start, (size_t)(end - start) + 1};
}

static bool check_subject(const char *subject, struct error *error)
{
    if (!email_is_header_text(subject))
        return refuse(error, "has a subject of more than one line");
    if (strlen(text_or(subject, "")) > SUBJECT_BYTES)
        return refuse(error, "has a subject that is too long");
    return true;
}

static const char *chosen(const char *given, const char *proposed)
{
    return given && !text_is_empty(proposed) ? proposed : given;
}

bool completion_read(struct bytes body, const struct assistant_letter *letter, struct arena *arena,
                     struct assistant_letter *ret_letter, struct error *error)
{
    struct error why;
    struct answer answer = {0};
    struct assistant_letter proposed = {0};
    if (!json_read(body, &ANSWER, STORED, arena, &answer, NULL, &why))
        return refuse(error, "is no JSON of chat completions");
    const struct choice *choice = answer.choices.items;
    if (!answer.choices.count || text_is_empty(choice->content))
        return refuse(error, "is empty");
    if (!json_read(object_in(choice->content), &LETTER, STORED, arena, &proposed, NULL, &why))
        return refuse(error, "is not the JSON object that it was asked for");
    if (!check_subject(proposed.subject, error))
        return false;
    *ret_letter = (struct assistant_letter){
        chosen(letter->subject, proposed.subject),
        chosen(letter->body_text, proposed.body_text),
        chosen(letter->body_html, proposed.body_html),
    };
    return true;
}
