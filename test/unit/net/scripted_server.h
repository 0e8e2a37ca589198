/* scripted_server.h - an SMTP or IMAP server that says what its script says, and writes down what
 * it hears.
 *
 * A script has one step a line; "--" begins the next connection.
 *   <EHLO       reads a line, which must begin so
 *   .           reads the content, up to the dot that closes it
 *   hang        says nothing more until the client closes
 *   close       closes; so does the end of the script, after the client has
 *   reset       closes so hard that the client's next write fails
 *   raw:xyz     says xyz at once, without a line end; | in it is CRLF
 *   long        says a line of 100,000 letters
 *   many        says 10,000 lines of a reply
 *   many:xyz    says the line xyz 30,000 times
 *   drip        says one letter each 20 ms until the client closes
 *   deaf        reads nothing more, and waits until the test ends
 * Everything else is said as it stands, as a line. */
#pragma once
#include <stddef.h>

struct scripted_server;

struct heard {
    size_t connections, dots; /* dots: contents that were closed */
    size_t data_commands;
    char *content; /* the last one, as it came over the wire, NUL-terminated */
    size_t content_size;
    char commands[4096]; /* the lines, a LF after each */
    char wrong[256];     /* what did not fit the script, or "" */
};

struct scripted_server *scripted_server_start(const char *script, int *ret_port);
/* Until that many connections have been closed by the server. */
void scripted_server_wait(struct scripted_server *server, size_t closed);
/* Waits for its end; heard->content is the caller's to free. */
void scripted_server_finish(struct scripted_server *server, struct heard *ret_heard);
