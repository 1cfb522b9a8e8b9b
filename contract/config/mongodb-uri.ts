/** The parts of a MongoDB URI that decide whether it can be used here. */
export interface MongodbUri {
  /** Absent if none is named, in which case MongoDB would use `test`. */
  database: string | undefined;
  /** Its options, with lower-case names, which are not case-sensitive. */
  options: ReadonlyMap<string, string>;
}

const FORM = /^mongodb(?:\+srv)?:\/\/[^/?]+(?:\/([^?]*))?(?:\?(.*))?$/s;

/** Undefined if it is not a MongoDB URI. It may name several hosts, which a URL cannot. */
export function parseMongodbUri(text: string): MongodbUri | undefined {
  const [, database, query = ''] = FORM.exec(text) ?? [undefined];
  if (!FORM.test(text)) return undefined;
  const options = [...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value] as const);
  return { database: database === '' ? undefined : database, options: new Map(options) };
}

/** Why a URI cannot be used here, as a clause about it; undefined if it can. */
export function whyNotMongodbUri(text: string): string | undefined {
  if (!/^mongodb(\+srv)?:\/\//.test(text)) return 'a MongoDB URI begins with mongodb:// or mongodb+srv://';
  const uri = parseMongodbUri(text);
  if (uri === undefined) return 'it names no host: write it as mongodb://host:27017/rollcall?replicaSet=rs';
  if (uri.database === undefined)
    return 'it names no database: write it as mongodb://host:27017/rollcall?replicaSet=rs, with the name after the hosts';
  const { options } = uri;
  const w = options.get('w');
  if (w !== undefined && w !== 'majority')
    return 'it says w=, and a decision that was acknowledged has to be with the majority: leave it out';
  if (options.get('journal') === 'false' || options.get('j') === 'false')
    return 'it says journal=false, and a decision that was acknowledged has to be on disk: leave it out';
  const read = options.get('readpreference');
  if (read !== undefined && read !== 'primary')
    return 'it says readPreference=, and what members know late would let in who was shut out: leave it out';
  return undefined;
}
