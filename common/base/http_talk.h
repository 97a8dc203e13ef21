/* The bytes of a conversation over a connection that libcurl made (CONNECT_ONLY). Used by the HTTP client alone. */
#ifndef EARSHOT_BASE_HTTP_TALK_H
#define EARSHOT_BASE_HTTP_TALK_H

#include "common/base/http.h"

/* Sends what is to be said, hears what is there, and asks the talk what to say to it. SKIP: nothing more can be done now. `easy` is
 * a CURL handle. RETRY: the connection broke. */
enum outcome http_talk_turn(void *easy, const struct http_talk *talk, struct http_talk_out *out, struct err *e) MUST_CHECK;
int http_talk_socket(void *easy); /* to wait for; -1 = none */

#endif
