/** What is an error, and which HTTP status its code says. */
import { describe, expect, it } from 'vitest';
import { errorIn } from '../../src/model/stated-error.ts';

describe('an object reports no error', () => {
  it.each([
    {},
    { error: null },
    { error: false },
    { error: 0 },
    { error: '' },
    { error: ' ' },
    { error: {} },
    { error: [] },
    { error: { message: '', code: 0, param: null } },
    { text: 'good', error_code: 0 },
    { text: 'good', error_code: null },
    { message: 'good', error_code: '0' },
    { error_code: 50001 },
    { code: 500, message: 'beside nothing' },
    { object: 'error', choices: [] },
    { object: 'error.chunk' },
  ])('%j', (value) => {
    expect(errorIn(value)).toBeNull();
  });
});

describe('an object reports an error', () => {
  it.each<[object, string, number | null]>([
    [{ error: 'oh no' }, 'oh no', null],
    [{ error: true, message: 'oh no' }, 'oh no', null],
    [{ error: { message: 'oh no', code: 503 } }, 'oh no', 503],
    [{ error: { message: 'oh no', code: '429' } }, 'oh no', 429],
    [{ error: { message: 'oh no', code: 200, status: 418 } }, 'oh no', 418],
    [{ error: { message: 'oh no' }, status: 502 }, 'oh no', 502],
    [{ error: { message: 'oh no', code: 400 }, code: 500 }, 'oh no', 400],
    [{ error: 'oh no', code: 404 }, 'oh no', 404],
    [{ error: 503 }, '503', 503],
    [{ error: { message: 'oh no', code: 4000 } }, 'oh no', null],
    [{ error: { message: 'oh no', code: 60001 } }, 'oh no', null],
    [{ error: { code: 500 } }, '{"code":500}', 500],
    [{ object: 'error', message: 'oh no', code: 40302 }, 'oh no', 403],
    [{ object: 'error', message: 'oh no', choices: null }, 'oh no', null],
    [{ text: 'oh no', error_code: 50001 }, 'oh no', 500],
    [{ message: 'oh no', error_code: '42901' }, 'oh no', 429],
    [{ error: { message: 'oh no', type: 'insufficient_quota', code: null } }, 'oh no', 429],
    [{ error: { message: 'oh no', type: 'RateLimitError' } }, 'oh no', 429],
    [{ error: { message: 'Rate limit reached for requests' } }, 'Rate limit reached for requests', 429],
    [{ error: { message: 'oh no', type: 'invalid_request_error' } }, 'oh no', 400],
    [{ error: { message: 'oh no', type: 'invalid_request_error', code: 'model_not_found' } }, 'oh no', 404],
    [{ object: 'error', message: 'oh no', type: 'BadRequestError', code: null }, 'oh no', 400],
    [{ type: 'error', error: { type: 'permission_error', message: 'oh no' } }, 'oh no', 403],
    [{ type: 'error', error: { type: 'overloaded_error', message: 'oh no' } }, 'oh no', null],
    [{ error: { message: 'oh no', type: 'toString' } }, 'oh no', null],
  ])('%j', (value, message, status) => {
    expect(errorIn({ ...value })).toMatchObject({ message, status });
  });
});
