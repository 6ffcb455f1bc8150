import BayesClassifier from 'natural/lib/natural/classifiers/bayes_classifier.js';

/** `natural`'s naive Bayes classifier as it comes, a yardstick for evaluation: a function from text to label. */
export function trainBayes(
  examples: readonly { readonly text: string; readonly label: string }[],
): (text: string) => string {
  const classifier = new BayesClassifier();
  for (const { text, label } of examples) classifier.addDocument(text, label);
  classifier.train();
  return (text) => classifier.classify(text);
}
