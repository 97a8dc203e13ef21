/* Turns a file into a C header: `embed NAME FILE > header` gives `static const unsigned char NAME[]` and `NAME_size`. A build
 * tool of its own because xxd is not on a minimal Debian. */
#include <stdio.h>

#define BYTES_PER_LINE 24

int main(int argc, char **argv)
{
	if (argc != 3) {
		(void)fprintf(stderr, "usage: embed NAME FILE\n");
		return 2;
	}
	FILE *in = fopen(argv[2], "rb");
	if (!in) {
		perror(argv[2]);
		return 1;
	}
	(void)printf("/* Made from %s by tools/embed.c. */\nstatic const unsigned char %s[] = {", argv[2], argv[1]);
	size_t n = 0;
	for (int c = getc(in); c != EOF; c = getc(in), n++)
		(void)printf("%s%d,", n % BYTES_PER_LINE == 0 ? "\n" : "", c);
	/* The closing 0 is not counted in the size: text can be used as a C string. */
	(void)printf("\n0};\nstatic const size_t %s_size = %zu;\n", argv[1], n);
	int failed = ferror(in) || fclose(in) != 0 || fflush(stdout) != 0;
	return failed ? 1 : 0;
}
