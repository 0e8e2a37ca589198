/* form_part.h - what the header of a form's part says about it. */
#pragma once
#include "http/form.h"

/* head: lines that each end with CR LF, the last of them empty, and a NUL behind its size bytes.
 * It is cut up, and the part's texts are in it. number: of the part, for the messages. */
bool form_part_read(char *head, size_t size, unsigned number, struct form_part *ret_part,
                    struct error *error);
