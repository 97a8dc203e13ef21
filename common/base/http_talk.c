/* Conversations over a connection that libcurl made: what is to be said goes out, what comes in is handed on. */
#include "common/base/http_talk.h"

#include <curl/curl.h>
#include <string.h>

#define PIECE_BYTES 16384

int http_talk_socket(void *easy)
{
	curl_socket_t s = CURL_SOCKET_BAD;
	return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &s) == CURLE_OK && s != CURL_SOCKET_BAD ? s : -1;
}

static enum outcome send_all(void *easy, struct buf *say, struct err *e)
{
	size_t sent = 0, n = 0;
	CURLcode code = CURLE_OK;
	while (sent < say->n && code == CURLE_OK) {
		code = curl_easy_send(easy, say->p + sent, say->n - sent, &n);
		sent += code == CURLE_OK ? n : 0;
	}
	if (code != CURLE_OK && code != CURLE_AGAIN)
		return err_set(e, RETRY, "the connection broke (%s)", curl_easy_strerror(code));
	if (sent > 0)
		memmove(say->p, say->p + sent, say->n - sent);
	say->n -= sent;
	return OK;
}

enum outcome http_talk_turn(void *easy, const struct http_talk *talk, struct http_talk_out *out, struct err *e)
{
	char piece[PIECE_BYTES];
	enum outcome done = send_all(easy, out->say, e);
	while (done == OK) {
		size_t n = 0;
		const CURLcode code = curl_easy_recv(easy, piece, sizeof piece, &n);
		if (code == CURLE_AGAIN)
			return SKIP;
		if (code != CURLE_OK)
			return err_set(e, RETRY, "the connection broke (%s)", curl_easy_strerror(code));
		if (n == 0)
			return err_set(e, RETRY, "the server closed the connection in the middle");
		done = talk->take(talk->owner, (struct str){ piece, n }, out, e);
		if (out->body->overflow || out->header->overflow || out->say->overflow)
			return err_set(e, REJECT, "the answer has more than %zu bytes", out->body->max);
		if (done != SKIP)
			return done;
		done = send_all(easy, out->say, e);
	}
	return done;
}
