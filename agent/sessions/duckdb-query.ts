import { mkdir } from 'node:fs/promises';
import {
  DuckDBInstance,
  ResultReturnType,
  type DuckDBConnection,
  type DuckDBResult,
  type DuckDBValue,
} from '@duckdb/node-api';
import { duckDbOptions, openingStatements, spillFolder } from './duckdb-options.js';
import { inBytes } from '../../contract/byte-size.js';
import { jsonCell } from './json-cell.js';
import { acceptableText } from '../process/reportable.js';
import { PreviewBuilder } from './preview-builder.js';
import { DiskExceeded, ResultWriter } from './result-writer.js';
import { without, type SessionOutcome } from './session-engine.js';
import type { Query } from './worker-messages.js';

/** Maximum length of a reason that the api accepts. */
const MAX_REASON_LENGTH = 1_024;
/** An interrupt between two steps of a query is lost, so it is repeated at this interval, in milliseconds. */
const INTERRUPT_AGAIN_MS = 25;

/** One query, run in a process of its own. */
export class DuckDbQuery {
  private connection: DuckDBConnection | undefined;
  private interrupted = false;

  constructor(private readonly query: Query) {}

  /** Never rejects: a failure is an outcome. */
  async run(): Promise<SessionOutcome> {
    try {
      await mkdir(spillFolder(this.query.folder), { recursive: true, mode: 0o700 });
      const instance = await DuckDBInstance.create(':memory:', duckDbOptions(this.query));
      this.connection = await instance.connect();
      for (const statement of openingStatements(this.query)) await this.connection.run(statement);
      return await this.runAll(this.connection);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.interrupted && (error instanceof Interrupted || message.startsWith('INTERRUPT Error')))
        return without('TERMINATED', '');
      return without(
        'FAILED',
        acceptableText(error instanceof DiskExceeded ? message : this.inShort(message), MAX_REASON_LENGTH),
      );
    }
  }

  interrupt(): void {
    if (this.interrupted) return;
    this.interrupted = true;
    setInterval(() => this.connection?.interrupt(), INTERRUPT_AGAIN_MS);
    this.connection?.interrupt();
  }

  /** Runs the statements in turn; the last one's result is the session's. */
  private async runAll(connection: DuckDBConnection): Promise<SessionOutcome> {
    // DuckDB parses the whole text before anything runs. It reports no error for a text without a statement.
    const statements = await connection.extractStatements(this.query.sql).catch((error: Error) => {
      throw error.message === 'Error in native callback' ? new Error('the query holds no statement') : error;
    });
    for (let index = 0; index < statements.count; index++) {
      this.throwIfInterrupted();
      const prepared = await statements.prepare(index);
      const result = await prepared.stream();
      if (index === statements.count - 1) return await this.keep(result);
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
        this.throwIfInterrupted();
    }
    throw new Error('the query holds no statement');
  }

  private async keep(result: DuckDBResult): Promise<SessionOutcome> {
    if (result.returnType === ResultReturnType.NOTHING || result.columnCount === 0) return without('COMPLETED', '');
    const writer = await ResultWriter.open(this.query.folder, this.query.resources.disk);
    try {
      const { rows, preview } = await this.write(result, writer);
      return { state: 'COMPLETED', reason: '', rows, resultFile: await writer.finish(), preview: preview.build() };
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  private async write(result: DuckDBResult, writer: ResultWriter): Promise<{ rows: number; preview: PreviewBuilder }> {
    const types = result.columnTypes();
    const names = result.columnNames();
    const keys = result
      .deduplicatedColumnNames()
      .map((name, column) => `${column === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    const cells = types.map(jsonCell);
    const preview = new PreviewBuilder(
      types.map((type, column) => ({ name: names[column] ?? '', type: String(type) })),
    );
    let rows = 0;
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      this.throwIfInterrupted();
      const { rowCount } = chunk;
      const columns = chunk.getColumns();
      for (let row = 0; row < rowCount; row++) {
        if (preview.wantsMore) preview.add((column) => asText(columns[column]?.[row]));
        let line = '';
        for (let column = 0; column < columns.length; column++)
          line += keys[column]! + cells[column]!(columns[column]![row] ?? null);
        // Only a full block waits for the disk: a promise per row would cost more than the row.
        const full = writer.add(`${line}}\n`);
        if (full) await full;
      }
      rows += rowCount;
    }
    // After an interrupt, DuckDB ends the stream as if it were complete.
    this.throwIfInterrupted();
    return { rows, preview };
  }

  /** DuckDB's message, without advice about settings that no session can change. */
  private inShort(message: string): string {
    if (message.includes("'max_temp_directory_size'"))
      return `what does not fit into its memory is larger than the ${inBytes(this.query.resources.disk)} of disk that it asked for`;
    const [beginning = ''] = message.replace(/^Failed to extract statements: /, '').split(/\n\s*\nPossible solutions:/);
    return beginning.trim();
  }

  private throwIfInterrupted(): void {
    if (this.interrupted) throw new Interrupted();
  }
}

/** DuckDB's values print themselves as SQL does. */
function asText(value: DuckDBValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

class Interrupted extends Error {}
