import process from "node:process";

import { execa } from "execa";

/** A user of this machine. */
export interface Account {
  readonly uid: number;
  /** Every group that it acts with. */
  readonly gids: readonly number[];
  /** The number where the machine knows no name. */
  readonly name: string;
}

/** The user as whom this process works. */
export async function currentAccount(): Promise<Account> {
  const uid = process.getuid?.() ?? 0;
  const gids = [process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])];
  return { uid, gids: [...new Set(gids)], name: await nameOfUser(uid) };
}

/** The name of a user, or its number where it has none. */
export function nameOfUser(uid: number): Promise<string> {
  return lookUpName("passwd", uid);
}

/** The name of a group, or its number where it has none. */
export function nameOfGroup(gid: number): Promise<string> {
  return lookUpName("group", gid);
}

/** Whether a group exists and has members. */
export async function hasMembers(group: string): Promise<boolean> {
  const { exitCode, stdout } = await execa("getent", ["group", group], { reject: false });
  return exitCode === 0 && (stdout.split(":")[3] ?? "") !== "";
}

/** Users and groups may be in a directory service, which getent(1) asks too. */
async function lookUpName(database: "passwd" | "group", id: number): Promise<string> {
  const { exitCode, stdout } = await execa("getent", [database, String(id)], { reject: false });
  const [name = ""] = exitCode === 0 ? stdout.split(":") : [];
  return name === "" ? String(id) : name;
}
