/* Little-endian numbers in the bytes of a file, wherever they stand. */
#ifndef EARSHOT_TEXT_PACKED_H
#define EARSHOT_TEXT_PACKED_H

#include <stdint.h>
#include <string.h>

static inline uint32_t packed_u32(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t packed_u64(const char *p)
{
	return (uint64_t)packed_u32(p) | (uint64_t)packed_u32(p + 4) << 32;
}

static inline float packed_float(const char *p)
{
	const uint32_t bits = packed_u32(p);
	float value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

static inline void packed_put_u32(char *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (char)(unsigned char)(value >> (8 * i));
}

static inline void packed_put_u64(char *p, uint64_t value)
{
	packed_put_u32(p, (uint32_t)value);
	packed_put_u32(p + 4, (uint32_t)(value >> 32));
}

static inline void packed_put_float(char *p, float value)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	packed_put_u32(p, bits);
}

#endif
