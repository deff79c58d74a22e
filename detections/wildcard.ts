/** Whether text has a form in which `*` stands for any characters, and nothing else is special. */
export function wildcardTest(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) {
    return (text) => text === pattern;
  }
  const expression = new RegExp(`^${pattern.split(/\*+/).map(literally).join('[^]*')}$`);
  return (text) => expression.test(text);
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
