/* tasks.h - what this room asks of the process that reads strangers' bytes (parser/task.h). */
#pragma once
#include "parser/task.h"

extern const struct parser_task MIME_PARSE_TASK;       /* a message: mime/parse.c */
extern const struct parser_task MIME_WORDS_TASK;       /* encoded-words: mime/encoded_word.c */
extern const struct parser_task MIME_DISPOSITION_TASK; /* a file's name: mime/disposition.c */
extern const struct parser_task MIME_CALENDAR_TASK;    /* an event: mime/invitation.c */

/* What a text is asked about, and answered with. */
struct mime_line {
    const char *text;
    bool has_nul;
};
extern const struct schema MIME_LINE_FORM;

/* GMime, and the modules of the charsets that mail is written in: what opens files. */
void mime_tasks_prepare(void);
