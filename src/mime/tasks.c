#include "mime/tasks.h"

#include <iconv.h>

#include "mime/charset_label.h"
#include "mime/library.h"

static const struct field MIME_LINE_FIELDS[] = {
    FIELD(struct mime_line, text),
    FIELD(struct mime_line, has_nul),
    {0},
};
const struct schema MIME_LINE_FORM = SCHEMA(struct mime_line, MIME_LINE_FIELDS);

enum { SETS_MOST = 200 };

/* They stay open: a module is let go when nobody uses it, and a reader opens no files. */
void mime_tasks_prepare(void)
{
    static iconv_t open[SETS_MOST];
    const struct charset *charset;
    library_start();
    for (size_t i = 0; i < SETS_MOST && (charset = charset_label_list(i)); i++)
        open[i] = iconv_open("UTF-8", charset->name);
    (void)open;
}
