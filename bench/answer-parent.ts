import type { ChildReply } from './child.ts';

/** The child's side of `Child`: answers requests until the parent is gone, for whatever reason. */
export function answerParent<Request, Reply>(answer: (request: Request) => Promise<Reply>): void {
  const say = (message: ChildReply<Reply>) => process.send?.(message);
  process.on('message', (request: Request) => {
    answer(request).then(
      (reply) => say({ reply }),
      (error: unknown) => say({ failure: error instanceof Error ? error.message : String(error) }),
    );
  });
  // A terminal sends Ctrl-C to every process of the group; the parent decides when this one ends.
  process.on('SIGINT', () => undefined);
  // A kill, because ONNX Runtime aborts noisily when Node leaves while a session runs.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}
