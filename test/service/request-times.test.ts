import { describe, expect, it } from 'vitest';
import { RequestTimes } from '../../src/service/request-times.ts';
import { startTestService } from './start-service.ts';

describe('the times of requests', () => {
  it('are a histogram as Prometheus reads it, by route and status', () => {
    const times = new RequestTimes();
    for (const seconds of [0.001, 0.0011, 3, 61]) times.observe('/v1/checks/:id', 200, seconds);
    times.observe('/v1/checks/:id', 404, 0.25);
    expect(times.render().split('\n')).toEqual([
      '# HELP sluice_request_seconds Time to answer a request',
      '# TYPE sluice_request_seconds histogram',
      ...[1, 2, 2, 2, 2, 2, 3, 3, 4].map((count, at) => {
        const le = ['0.001', '0.005', '0.02', '0.1', '0.5', '2', '10', '60', '+Inf'][at];
        return `sluice_request_seconds_bucket{le="${le}",route="/v1/checks/:id",status="200"} ${count}`;
      }),
      'sluice_request_seconds_sum{route="/v1/checks/:id",status="200"} 64.0021',
      'sluice_request_seconds_count{route="/v1/checks/:id",status="200"} 4',
      ...[0, 0, 0, 0, 1, 1, 1, 1, 1].map((count, at) => {
        const le = ['0.001', '0.005', '0.02', '0.1', '0.5', '2', '10', '60', '+Inf'][at];
        return `sluice_request_seconds_bucket{le="${le}",route="/v1/checks/:id",status="404"} ${count}`;
      }),
      'sluice_request_seconds_sum{route="/v1/checks/:id",status="404"} 0.25',
      'sluice_request_seconds_count{route="/v1/checks/:id",status="404"} 1',
      '',
    ]);
  });

  it('stand among the metrics of the service, by the routes as they were declared', async () => {
    const { ask } = await startTestService();
    await ask('/v1/verdicts/nonsense');
    const { text } = await ask('/metrics');
    expect(text).toContain('\nsluice_request_seconds_count{route="/v1/verdicts/:id",status="400"} 1\n');
    expect(text).toContain('\nsluice_jobs_open 0\n');
    expect(text).not.toContain('nonsense');
  });
});
