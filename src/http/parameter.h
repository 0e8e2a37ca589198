/* parameter.h - the parameters of a header's value, `value; name=x; other="y"`, read in place.
 *
 * In quotes a backslash escapes only a quote or another backslash: browsers leave the ones of a
 * file's name as they are. */
#pragma once
#include <stdbool.h>

enum parameter { PARAMETER_END, PARAMETER_FOUND, PARAMETER_BROKEN };

/* What stands before the first semicolon, without the blanks around it. */
char *parameter_begin(char *text, char **ret_rest);
/* rest moves on, and what was read of it is cut up. */
enum parameter parameter_next(char **rest, const char **ret_name, char **ret_value);

bool parameter_is_token(const char *text); /* RFC 9110, 5.6.2 */
