/** Where generated code stands. */
export const generatedFolder = 'generated';

/** The page that shows the register to readers. */
export const registerFile = 'conformance/REQUIREMENTS.md';
