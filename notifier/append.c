/* Appending to a file that outlives us: whole lines, on the disk. */
#include "notifier/append.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum outcome append_failed(const char *path, const char *what, struct err *e)
{
	return err_set(e, RETRY, "cannot %s %s: %s; check the folder, its owner and the free space", what, path, strerror(errno));
}

static bool ends_in_mid_line(int fd)
{
	char last = '\n';
	off_t size = lseek(fd, 0, SEEK_END);
	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

enum outcome append_line(const char *path, struct str bytes, struct err *e)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
	if (fd < 0)
		return append_failed(path, "open", e);
	enum outcome o = OK;
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		o = err_set(e, REJECT, "%s is not a regular file; give another path", path);
	else if (ends_in_mid_line(fd) && !write_all(fd, STR("\n")))
		o = append_failed(path, "write to", e);
	else if (!write_all(fd, bytes))
		o = append_failed(path, "write to", e);
	else if (fsync(fd) != 0)
		o = append_failed(path, "flush", e);
	(void)close(fd); /* what matters was said by fsync */
	return o;
}
