/* TEST=name build/unit/test_x runs one test of a file: linked into every unit binary, it acts before main. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

__attribute__((constructor)) static void choose_test(void)
{
	const char *name = getenv("TEST");
	if (name != NULL && *name != '\0')
		cmocka_set_test_filter(name);
}
