import { execa } from "execa";

/** How long a command may take. */
const TIMEOUT_MS = 300_000;

const ENVIRONMENT = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
  "HOME=/root",
  "LANG=C.UTF-8",
  "TERM=dumb",
  "SYSTEMD_PAGER=cat",
];

/** How a command on a machine ended. */
export interface MachineCommandEnd {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What can be done on a machine, as root. */
export interface MachineCommands {
  /** Runs a command, which must succeed; answers what it printed. */
  readonly run: (...argv: readonly string[]) => Promise<string>;
  /** Runs a command. */
  readonly attempt: (...argv: readonly string[]) => Promise<MachineCommandEnd>;
  /** Writes a file; anybody may read it unless the mode says otherwise. */
  readonly write: (file: string, content: string, mode?: string) => Promise<void>;
}

/**
 * Runs commands on a machine.
 *
 * @param name the machine's, for messages
 * @param findInit answers its first process, which is another one after each boot
 */
export function createMachineCommands(name: string, findInit: () => Promise<string>): MachineCommands {
  const attempt = async (argv: readonly string[], input: string): Promise<MachineCommandEnd> => {
    const words = ["--target", await findInit(), "--all", "env", "-i", ...ENVIRONMENT, ...argv];
    const { exitCode, stdout, stderr } = await execa("nsenter", words, {
      reject: false,
      input,
      timeout: TIMEOUT_MS,
    });
    return { exitCode, stdout, stderr };
  };
  const run = async (argv: readonly string[], input: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await attempt(argv, input);
    if (exitCode === 0) return stdout;
    throw new Error(`${name}: expected ${argv.join(" ")} to end with 0, got ${exitCode}: ${stdout}${stderr}`);
  };
  return {
    attempt: (...argv) => attempt(argv, ""),
    run: (...argv) => run(argv, ""),
    write: async (file, content, mode = "0644") => {
      const script = 'mkdir -p "${1%/*}" && umask 077 && cat > "$1" && chmod "$2" "$1"';
      await run(["sh", "-c", script, "sh", file, mode], content);
    },
  };
}
