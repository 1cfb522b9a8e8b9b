import { DuckDBTypeId, JsonDuckDBValueConverter, type DuckDBType, type DuckDBValue, type Json } from '@duckdb/node-api';

/** Types whose text is a JSON number, of any size and precision. */
const NUMBERS = new Set<DuckDBTypeId>([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.BIGNUM,
  DuckDBTypeId.DECIMAL,
]);
const NESTED = new Set<DuckDBTypeId>([
  DuckDBTypeId.LIST,
  DuckDBTypeId.STRUCT,
  DuckDBTypeId.MAP,
  DuckDBTypeId.ARRAY,
  DuckDBTypeId.UNION,
  DuckDBTypeId.VARIANT,
]);

/**
 * Makes the writer of one column's values as JSON. Chosen once per column, since a result has millions of cells. Integers and decimals are
 * numbers with all their digits; what JSON cannot express (dates, NaN, intervals) is a string.
 */
export function jsonCell(type: DuckDBType): (value: DuckDBValue) => string {
  if (NUMBERS.has(type.typeId)) return (value) => (value === null ? 'null' : String(value));
  if (type.typeId === DuckDBTypeId.BOOLEAN) return String;
  if (type.typeId === DuckDBTypeId.FLOAT || type.typeId === DuckDBTypeId.DOUBLE) {
    return (value) => (value === null || Number.isFinite(value) ? String(value) : `"${String(value)}"`);
  }
  if (NESTED.has(type.typeId)) {
    const convert = (value: DuckDBValue): Json | null =>
      JsonDuckDBValueConverter(value, type, JsonDuckDBValueConverter);
    return (value) => (value === null ? 'null' : JSON.stringify(convert(value)));
  }
  return (value) => (value === null ? 'null' : JSON.stringify(String(value)));
}
