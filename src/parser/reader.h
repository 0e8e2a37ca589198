/* reader.h - what a reader process does all its life: it takes a question, runs its task, answers.
 */
#pragma once
#include "parser/task.h"

/* Ends the process when the server closes its end of the socket. */
_Noreturn void reader_run(int socket, const struct parser_task *const *tasks);
